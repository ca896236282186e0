// The parts of a page that can be opened from disk: it has no script and loads nothing.
import { ground, ink, lines, type Paint, quiet, rule } from './color.ts'
import { darkPaints, escaped } from './svg.ts'

const blue = lines[0] as Paint
const variables = (theme: 'light' | 'dark'): string =>
  Object.entries({ ground, ink, quiet, rule, blue })
    .map(([name, paint]) => `--${name}:${paint[theme]}`)
    .join(';')

const style = `:root{color-scheme:light dark;${variables('light')}}
@media screen and (prefers-color-scheme:dark){:root{${variables('dark')}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1010px;padding:28px 22px 64px;background:var(--ground);color:var(--ink)}
body{font:15px/1.5 system-ui,sans-serif}
h1{margin:0 0 4px;font-size:28px;line-height:1.2;overflow-wrap:anywhere}
h2{margin:36px 0 10px;font-size:19px;border-bottom:1px solid var(--rule);padding-bottom:6px}
p{margin:6px 0;max-width:72ch;overflow-wrap:anywhere}
.about{color:var(--quiet)}
.wide{overflow-x:auto}
svg{display:block;max-width:max(100%,620px);height:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:4px 18px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
td{overflow-wrap:anywhere}
td:first-child:not(.number){min-width:11em}
th:last-child,td:last-child{min-width:5em}
th{color:var(--quiet);font-weight:600}
.number{text-align:right}
td.number{white-space:nowrap}
pre{margin:0;font:13px/1.45 ui-monospace,Menlo,Consolas,monospace}
summary{cursor:pointer;color:var(--blue);margin:12px 0}
@media print{details,.wide{overflow:visible}h2{break-after:avoid}svg{break-inside:avoid}}`

/** A table whose columns with numbers are aligned right. */
export const tableOf = (
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string => {
  const by = (i: number): string => (numbers.includes(i) ? ' class="number"' : '')
  const head = heading.map((cell, i) => `<th scope="col"${by(i)}>${escaped(cell)}</th>`).join('')
  const lines = rows.map((row) => `<tr>${row.map((cell, i) => `<td${by(i)}>${escaped(cell)}</td>`).join('')}</tr>`)
  const body = lines.join('\n')
  return `<div class="wide"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table></div>`
}

/** A section of the page with a heading. */
export const section = (heading: string, body: string): string =>
  `<section>\n<h2>${escaped(heading)}</h2>\n${body}\n</section>`

/** A whole page. Its policy forbids the browser to load or run anything, in case a text ever gets past `escaped`. */
export const page = (title: string, body: string): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(title)}</title>`,
    `<style>\n${style}\n${darkPaints(body)}\n</style>`,
    '</head>',
    '<body>',
    body,
    '</body>',
    '</html>',
    '',
  ].join('\n')
