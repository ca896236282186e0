// The pages of sources: plain files, which load no script but that for the theme, and which the search leaves out.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { javascriptLanguage, typescriptLanguage } from '@codemirror/lang-javascript'
import { classHighlighter, highlightCode } from '@lezer/highlight'
import { root } from '../site/pages.ts'
import { sourceAddress, sources } from '../site/source.ts'

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')

const line = (html: string, i: number): string => `<span class="line" id="L${i + 1}">${html}</span>`

/** A program with its tokens marked, line by line. */
const highlighted = (path: string, code: string): string => {
  const language = /\.ts$/.test(path) ? typescriptLanguage : /\.m?js$/.test(path) ? javascriptLanguage : undefined
  if (language === undefined) return code.split('\n').map(escaped).map(line).join('\n')
  const lines = ['']
  highlightCode(
    code,
    language.parser.parse(code),
    classHighlighter,
    (text, classes) => {
      lines[lines.length - 1] += classes === '' ? escaped(text) : `<span class="${classes}">${escaped(text)}</span>`
    },
    () => lines.push(''),
  )
  return lines.map(line).join('\n')
}

const code = (path: string): string =>
  `<pre tabindex="0"><code>${highlighted(path, readFileSync(join(root, path), 'utf8').trimEnd())}</code></pre>`

const folder = (path: string, has: ReadonlySet<string>): string => {
  const items = readdirSync(join(root, path), { withFileTypes: true })
    .filter(({ name }) => has.has(`${path}/${name}`))
    .map((entry) => `<li><a href="${entry.name}${entry.isDirectory() ? '/index' : ''}.html">${entry.name}</a></li>`)
  return `<ul>${items.join('')}</ul>`
}

const html = (path: string, has: ReadonlySet<string>): string => {
  const up = relative(dirname(sourceAddress(path)), '.') || '.'
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'self'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${path} | pullback</title>
<link rel="icon" type="image/svg+xml" href="${up}/icon.svg">
<link rel="stylesheet" href="${up}/source/style.css">
<script src="${up}/source/theme.js"></script>
</head>
<body>
<header><a href="${up}/index.html">pullback</a> <a href="${up}/reference/index.html">Reference</a></header>
<main>
<h1>${path}</h1>
${statSync(join(root, path)).isDirectory() ? folder(path, has) : code(path)}
</main>
</body>
</html>
`
}

/** Writes the pages of all sources that the site links to, into the folder of files that it serves as they are. */
export const writeSources = (into: string): void => {
  const all = sources()
  rmSync(join(into, 'source'), { recursive: true, force: true })
  for (const path of all) {
    const file = join(into, sourceAddress(path))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, html(path, new Set(all)))
  }
  for (const name of ['style.css', 'theme.js'])
    cpSync(join(import.meta.dirname, 'source', name), join(into, 'source', name))
}
