// The recipes of docs/design.md, followed in a copy of the tree: each touches the files that it lists, and the laws hold for what is new.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { recipes } from '../support/recipes.ts'
import { output, root } from '../support/run.ts'

const copy = mkdtempSync(join(tmpdir(), 'pullback-recipes-'))
t.teardown(() => rmSync(copy, { recursive: true }))
for (const name of ['lib', 'spec', 'docs', 'package.json', 'tsconfig.json'])
  cpSync(join(root, name), join(copy, name), {
    recursive: true,
    filter: (path) =>
      !/node_modules|\.vitepress|docs\/(public|reference)|binary\.ts$|generated\.ts$/.test(path.slice(root.length)),
  })
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
// What the loader has transpiled holds there too, as far as the sources are the same.
if (existsSync(join(root, '.tap/ts'))) cpSync(join(root, '.tap/ts'), join(copy, '.tap/ts'), { recursive: true })

/** The files that a recipe lists. */
const listed = (heading: string, names: Readonly<Record<string, string>>): readonly string[] => {
  const page = readFileSync(join(root, 'docs/design.md'), 'utf8')
  const [, section = ''] = page.split(`### ${heading}\n`)
  const [steps = ''] = section.split(/^##/m)
  return [...steps.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path = '']) =>
    path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? name),
  )
}

/** A text behind a place in a file; at its end where no place is given. */
const inserted = (path: string, file: string, behind: string, text: string): string => {
  if (behind === '') return file + text
  if (file.split(behind).length !== 2) throw new Error(`${path} does not have one '${behind}'`)
  return file.replace(behind, () => behind + text)
}

for (const { heading, names, changes } of recipes)
  t.test(`${heading}: the files that the recipe lists`, async (t) => {
    t.same(Object.keys(changes), listed(heading, names))
    for (const [path, change] of Object.entries(changes)) {
      const file = join(copy, path)
      const text =
        typeof change === 'string'
          ? change
          : change.reduce((all, [behind, more]) => inserted(path, all, behind, more), readFileSync(file, 'utf8'))
      writeFileSync(file, text, typeof change === 'string' ? { flag: 'wx' } : {})
    }
  })

t.test('an elementwise function with kernel and pullback is at most seven files', async (t) => {
  t.ok(listed('An elementwise function', {}).length <= 7)
})

/** The types of the library and of the specs that the recipes touch. */
const typed = (): Promise<string> => {
  const include = [
    'lib',
    ...new Set(recipes.flatMap(({ changes }) => Object.keys(changes)).filter((path) => path.startsWith('spec'))),
  ]
  writeFileSync(join(copy, 'touched.json'), JSON.stringify({ extends: './tsconfig.json', include }))
  return output('node_modules/.bin/tsc', ['-p', 'touched.json'], copy)
}

/** Runs the tests of a spec that have one of the names. */
const laws = async (t: Test, spec: string, names: readonly string[]): Promise<void> => {
  const grep = `TAP_GREP=/^(${names.join('|')})$/`
  const found = await output('env', [grep, process.execPath, '--import=./spec/support/ts.mjs', `spec/${spec}.ts`], copy)
  for (const name of names) t.match(found, new RegExp(`^ok \\d+ - ${name} # time=`, 'm'), `${spec}: ${name}`)
}

t.test('the laws hold for what is new', async (t) => {
  await t.resolves(output(process.execPath, ['lib/kernel/wasm/build.mjs'], copy), 'the kernels are built')
  await Promise.all([
    t.resolves(typed(), 'the types fit'),
    laws(t, 'kernel/engines', ['wasm: maps', 'wasm: zips']),
    laws(t, 'catalogue/activations', [
      'softshrink',
      'fused pullbacks are their composites',
      'every activation has an entry',
    ]),
    laws(t, 'transform/vmapOperations', ['softshrink']),
    laws(t, 'catalogue/layers', ['offset', 'every layer has an entry, with golden values and errors']),
    laws(t, 'catalogue/initializers', ['signs', 'every initializer has an entry']),
    laws(t, 'catalogue/losses', ['logCosh', 'every exported loss has an entry']),
    laws(t, 'catalogue/transformations', ['scaleBySignum', 'signum', 'every export of lib/optim has an entry']),
  ])
})
