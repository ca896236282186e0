// The package in Node, without a loader: every subpath, from ES modules and from CommonJS, and the command.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { packed, readJSON } from '../support/packed.ts'
import { root } from '../support/run.ts'

const { installed, write, run } = await packed()

t.test('every subpath from a module', async (t) => {
  write({
    'main.mjs': `
import { linear, zeros } from 'pullback'
import { curves, report } from 'pullback/chart'
import { readIdx } from 'pullback/node'
import { decodeNpy, encodeNpy } from 'pullback/numpy'
import { fromOnnx } from 'pullback/onnx'
import { relaxed } from 'pullback/relaxed'
import { readTable } from 'pullback/table'
const history = { epoch: [1, 2], loss: [0.9, 0.4] }
console.log(linear(2, 1).kind, curves(history).slice(0, 4), report({ history }).slice(0, 9), typeof readIdx)
console.log(fromOnnx(new Uint8Array(0))._tag, decodeNpy(encodeNpy(zeros([2])))._tag, relaxed()._tag.length > 3, (await readTable('x\\n1\\n2\\n')()).right.count)
`,
  })
  t.equal(await run(process.execPath, 'main.mjs'), 'linear <svg <!doctype function\nLeft Right true 2\n')
})

t.test('from CommonJS by require', async (t) => {
  write({
    'main.cjs': `
const { fromNested, op, toNested } = require('pullback')
const x = fromNested([1, 2])
const subpaths = ['chart', 'node', 'numpy', 'onnx', 'relaxed', 'table'].map((name) => require('pullback/' + name))
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
