// Makes the package that users get, in dist/ or in the folder given: `node lib/pack.mjs`, then `npm pack ./dist`.
// Programs without comments, blanks and long names of variables, in lines; of the declarations what exports lead to,
// with its comments; and no source maps, since the sources would be more than the package may weigh.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { minify } from 'terser'
import { trimDeclarations } from './declarations.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = resolve(process.argv[2] ?? join(root, 'dist'))
const read = (path) => readFileSync(path, 'utf8')
const files = (end) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) =>
    name.endsWith(end) ? join(folder, name) : [],
  )
const edit = (path, change) => writeFileSync(path, change(read(path)))

rmSync(folder, { recursive: true, force: true })
execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', join(root, 'lib'), '--outDir', folder], {
  stdio: 'inherit',
})

/** The names of a file's functions, which stack traces show; and of some values in parentheses. */
const functions = (code) =>
  Array.from(code.matchAll(/^(?:export )?const (\w+) = (?:async )?(?:\(|\w+ =>)/gm), ([, name]) => name)
// Not by esbuild, which drops the comments that call a call pure, without which a bundler keeps every activation. Of
// the ways to compress none puts a function in the place of its name, which would be missing in a stack trace.
const short = (code) =>
  minify(code, {
    compress: {
      defaults: false,
      join_vars: true,
      conditionals: true,
      if_return: true,
      booleans: true,
      sequences: true,
    },
    module: true,
    mangle: { reserved: functions(code), keep_classnames: true },
    format: { comments: false, max_line_len: 2000, preserve_annotations: true },
  })
for (const file of files('.js'))
  if (!/binary(\/\w+)?\.js$/.test(file)) writeFileSync(file, (await short(read(file))).code)

// Declarations name files as Node does, and fp-ts by its own name, which every tool knows. Their examples, a sixth of them,
// are in the reference; comments have no lines for their marks alone.
for (const file of files('.d.ts'))
  edit(file, (code) =>
    code
      .replace(/(from |import\()(['"])(\..*?)\.ts\2/g, "$1'$3.js'")
      .replace(/\n *\*\n *\* @example[\s\S]*?(?=\n *\*\/)/g, '')
      .replace(/\/\*\*\n *\* /g, '/** ')
      .replace(/\n *\*\/$/gm, ' */')
      .replace(/(['"])#fp\/(\w+)\1/g, "'fp-ts/lib/$2.js'")
      .replace(/^(?: {4})+/gm, (blanks) => '\t'.repeat(blanks.length / 4)),
  )

const { name, version, description, keywords, license, repository, type, sideEffects, engines, ...rest } = JSON.parse(
  read(join(root, 'package.json')),
)
const { exports, imports, bin, dependencies, optionalDependencies } = rest
const entries = [...Object.values(exports), bin]
  .flatMap((entry) => (typeof entry === 'string' ? [] : Object.values(entry)))
  .map((entry) => join(folder, entry.replace('./dist/', '')))

trimDeclarations(
  files('.d.ts'),
  entries.filter((entry) => entry.endsWith('.d.ts')),
)

// Only what a user can reach: types that no export mentions, and programs that hold types only, are nobody's.
const reached = new Set()
const reach = (file) => {
  if (reached.has(file)) return
  reached.add(file)
  const end = file.endsWith('.d.ts') ? '.d.ts' : '.js'
  for (const [, path] of read(file).matchAll(/(?:from|import|import\() ?['"](\.[^'"]*)\.js['"]/g))
    reach(join(dirname(file), path + end))
}
for (const entry of entries) reach(entry)
for (const file of [...files('.d.ts'), ...files('.js')]) if (!reached.has(file)) rmSync(file)

const about = { name, version, description, keywords, license, repository, type, sideEffects, engines }
const placed = JSON.stringify({ bin, exports }).replaceAll('./dist/', './')
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify({ ...about, ...JSON.parse(placed), imports, dependencies, optionalDependencies }, undefined, 2)}\n`,
)
copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
copyFileSync(join(root, 'CHANGELOG.md'), join(folder, 'CHANGELOG.md'))

const note = `The pages, examples and programs that this page names are in the repository, which the package leaves out. Editors show the
documentation of each export from its declarations.`
/** A page without pictures and links that lead into the repository, and with a note behind its first paragraph that says so. */
const unlinked = (page) =>
  page
    .replace(/!\[[^\]]*\]\((?!https:)[^)]*\)\n*/g, '')
    .replace(/\[([^\]]*)\]\((?!https:|#)[^)]*\)/g, '$1')
    .replace(/\n\n(?=```|## )/, `\n\n${note}\n\n`)
writeFileSync(join(folder, 'README.md'), unlinked(read(join(root, 'README.md'))))
