// Models of ONNX whose numbers are in other files of their folder.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AnyTensor, fromNested, predict, type Tensor, toNested, toTypedArray } from 'pullback'
import { loadOnnx } from 'pullback/node'
import { fromOnnx, listOnnx } from 'pullback/onnx'
import t from 'tap'
import { writeMessage } from '../../lib/onnx/proto/write.ts'
import { modelMessage, node, port } from '../support/onnx.ts'

const [W, b] = [
  fromNested([
    [1, 2, 3],
    [4, 5, 6],
  ]),
  fromNested([0.5, -0.5]),
]
const bytesOf = (x: AnyTensor): Uint8Array => new Uint8Array(toTypedArray(x).buffer)
/** The bias behind the weights, with a gap between them, as exporters align numbers. */
const data = Uint8Array.from([...bytesOf(W), ...new Uint8Array(8), ...bytesOf(b)])
const external = (name: string, dims: readonly number[], said: { readonly [key: string]: string }) => ({
  name,
  dims,
  dataType: 1,
  dataLocation: 1,
  externalData: Object.entries(said).map(([key, value]) => ({ key, value })),
})
const modelWith = (location: string): Uint8Array => {
  const model = modelMessage({
    nodes: [node('Gemm', 'x W b', 'y', { transB: 1 })],
    inputs: [port('x', ['n', 3])],
    outputs: [port('y', ['n', 2])],
  })
  const initializer = [
    external('W', [2, 3], { location, length: '24', checksum: 'not looked at' }),
    external('b', [2], { location, offset: '32', length: '8' }),
  ]
  return writeMessage('Model', { ...model, graph: { ...model.graph, initializer } })
}
const x = fromNested([[1, 0, -1]])
const expected = [[-1.5, -2.5]]

const home = mkdtempSync(join(tmpdir(), 'pullback-onnx-'))
t.teardown(() => rmSync(home, { recursive: true }))
const folder = join(home, 'model')
mkdirSync(folder)
const write = (location: string): string => {
  const path = join(folder, 'model.onnx')
  writeFileSync(path, modelWith(location))
  return path
}
const outcome = async (path: string, options = {}): Promise<unknown> => {
  const found = await loadOnnx(path, options)()
  if (found._tag === 'Left') return found.left.message.replaceAll(home, '')
  return toNested(predict(found.right.layer, found.right.variables, x) as Tensor)
}

t.test('bytes of other files are asked for by name', async (t) => {
  const bytes = modelWith('model.onnx.data')
  const list = listOnnx(bytes)
  t.same(list._tag === 'Right' && list.right.external, ['model.onnx.data'])
  t.same(list._tag === 'Right' && list.right.tensors[0], { name: 'W', dtype: 'float', shape: [2, 3] })
  const asked: string[] = []
  const found = fromOnnx(bytes, {
    external: (name) => {
      asked.push(name)
      return data
    },
  })
  if (found._tag === 'Left') throw found.left
  t.same(asked, ['model.onnx.data', 'model.onnx.data'])
  t.same(toNested(predict(found.right.layer, found.right.variables, x) as Tensor), expected)
  const without = fromOnnx(bytes)
  t.match(
    without._tag === 'Left' && without.left.message,
    /^onnx: expected numbers within the model, got the numbers of 'W' and 1 more, which are in the file 'model.onnx.data'; give their bytes as external, load the model by loadOnnx of pullback\/node, or save it in one file: .*torch.onnx.export\(…, external_data=False\) \[unsupported-format\]$/,
  )
  t.equal(fromOnnx(bytes, { external: () => undefined })._tag, 'Left')
})

t.test('they are read from the folder of the model, and from nowhere else', async (t) => {
  writeFileSync(join(folder, 'weights'), data)
  writeFileSync(join(home, 'weights'), data)
  t.same(await outcome(write('weights')), expected)
  for (const name of ['../weights', join(home, 'weights'), 'a/weights', '..', 'C:w'])
    t.match(
      await outcome(write(name)),
      /^\/model\/model\.onnx: onnx in entry '.*': expected the name of a file in the folder of the model/,
      name,
    )
  t.match(await outcome(write('absent')), /^\/model\/absent: cannot read: ENOENT/)
  symlinkSync(join(home, 'weights'), join(folder, 'link'))
  t.match(
    await outcome(write('link')),
    /^\/model\/model\.onnx: onnx in entry 'link': expected a file in the folder of the model, got a link to .*; give \{ links: true \}/,
  )
  t.same(await outcome(write('link'), { links: true }), expected)
  writeFileSync(join(folder, 'short'), data.subarray(0, 39))
  t.match(
    await outcome(write('short')),
    /^\/model\/model\.onnx: onnx at byte \d+ in entry 'b': expected bytes 32 to 40 of 'short', got a file of 39/,
  )
  writeFileSync(join(folder, 'model.onnx'), 'PK')
  t.match(await outcome(join(folder, 'model.onnx')), /^\/model\/model\.onnx: onnx: expected a model of ONNX, got a zip/)
  t.throws(() => loadOnnx('model.onnx', { external: () => data } as object), /loadOnnx: expected options among images/)
})

const python = '/usr/bin/python3'
const isThere = (): boolean => {
  try {
    execFileSync(python, ['-c', 'import onnx'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

t.test('what onnx saves apart is read', { skip: isThere() ? false : 'python3-onnx is not installed' }, async (t) => {
  writeFileSync(join(folder, 'data.bin'), data)
  const path = write('data.bin')
  const program = `import onnx
model = onnx.load('${path}')
onnx.save_model(model, '${folder}/apart.onnx', save_as_external_data=True, location='apart.data', size_threshold=0)
onnx.save_model(onnx.load('${folder}/apart.onnx'), '${folder}/one.onnx', save_as_external_data=False)`
  execFileSync(python, ['-c', program])
  t.same(await outcome(join(folder, 'apart.onnx')), expected)
  t.same(await outcome(join(folder, 'one.onnx')), expected, 'in one file, as the error says')
})
