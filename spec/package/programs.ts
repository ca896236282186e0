// The package in Node, without a loader: every subpath, from ES modules and from CommonJS, and the command.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { packed, readJSON } from '../support/packed.ts'
import { root } from '../support/run.ts'
import { smoke } from '../support/smoke.ts'

const { installed, write, run } = await packed()

t.test('every subpath from a module', async (t) => {
  write({ 'main.mjs': smoke.program })
  t.equal(await run(process.execPath, 'main.mjs'), smoke.prints)
})

t.test('from CommonJS by require', async (t) => {
  write({
    'main.cjs': `
const { fromNested, op, toNested } = require('pullback')
const x = fromNested([1, 2])
const subpaths = ['chart', 'interop', 'mpi', 'node', 'numpy', 'onnx', 'reference', 'relaxed', 'table', 'workers'].map((name) => require('pullback/' + name))
console.log(toNested(op.add(x, x)).join(), subpaths.every((exports) => Object.keys(exports).length > 0))
`,
  })
  t.equal(await run(process.execPath, '--no-warnings', 'main.cjs'), '2,4 true\n')
})

t.test('its command trains and predicts', async (t) => {
  const { bin } = readJSON<{ readonly bin: { readonly pullback: string } }>(join(installed, 'package.json'))
  const command = join('node_modules', 'pullback', bin.pullback)
  t.match(readFileSync(join(installed, bin.pullback), 'utf8'), /^#!\/usr\/bin\/env node\n/)
  const flowers = join(root, 'examples', 'data', 'flowers.csv')
  await run(process.execPath, command, 'train', flowers, '--target', 'species', '--out', 'flowers', '--epochs', '5')
  const predicted = await run(process.execPath, command, 'predict', 'flowers', flowers)
  t.equal(predicted.trim().split('\n').length, 151)
})
