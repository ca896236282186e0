// A network of PyTorch gets a new head, and what is written gives the same in onnxruntime.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { approxEqual, key, op, predict, random, type Tensor } from 'pullback'
import { fromOnnx } from 'pullback/onnx'
import t from 'tap'
import { runExample } from '../../support/example.ts'
import { runModel, withoutRuntime } from '../../support/onnx.ts'

const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
t.teardown(() => rmSync(folder, { recursive: true }))

t.test('its trunk reads digits that it has never seen', async (t) => {
  const file = join(folder, 'new.onnx')
  const { code, stdout, stderr } = await runExample('onnx/newHead', '--digits', '600', '--epochs', '2', '--out', file)
  t.equal(code, 0, stderr)
  t.match(stdout, /^the file has features\.0\.weight, .*classifier\.bias\n/)
  const [, right] = /\n(\S+) % of 2000 unseen digits from 5 to 9 are read right\n/.exec(stdout) ?? []
  t.ok(Number(right) > 80, stdout)
  if (withoutRuntime !== false) return
  const bytes = readFileSync(file)
  const found = fromOnnx(bytes)
  if (found._tag === 'Left') throw found.left
  const x = random.uniform(key(1), [3, 28, 28, 1]) as Tensor
  const [y] = await runModel(bytes, [op.transpose(x, [0, 3, 1, 2])])
  const here = predict(found.right.layer, found.right.variables, x as never) as Tensor
  t.ok(approxEqual(y as Tensor, here, { relative: 1e-4, absolute: 1e-4 }))
})
