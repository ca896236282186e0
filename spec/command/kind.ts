// What a file is, by its first bytes: which are read, and what is said of the others.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeSafetensors, init, key, linear, zeros } from 'pullback'
import { encodeNpy, encodeNpz } from 'pullback/numpy'
import { toOnnx } from 'pullback/onnx'
import t from 'tap'
import { crc32 } from '../../lib/codec/crc32.ts'
import type { Failure } from '../../lib/command/failure.ts'
import { recognized } from '../../lib/command/file/recognized.ts'
import { zip } from '../../lib/numpy/zip/write.ts'

const folder = mkdtempSync(join(tmpdir(), 'pullback-kind-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

/** The path of a new file, of bytes or of letters with their codes. */
const file = (name: string, content: Uint8Array | string): string => {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const archive = (...names: readonly string[]): Uint8Array =>
  zip(
    'spec',
    names.map((name) => ({ name, bytes: Uint8Array.of(1, 2, 3) })),
    crc32,
    undefined,
  )

t.test('formats that are read, under any name', async (t) => {
  const tensors = { W: zeros([2]) }
  const cases = {
    safetensors: encodeSafetensors(tensors),
    npz: encodeNpz(tensors),
    npy: encodeNpy(tensors.W),
    onnx: toOnnx(linear(2, 1), init(linear(2, 1), key(0))),
    idx: Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7),
    tfjs: '\n {"format": "layers-model", "modelTopology": {}}',
  }
  for (const [format, content] of Object.entries(cases))
    for (const name of ['a', 'a.json', 'a.pt'])
      t.match(await recognized(file(name, content)), { format, bytes: content.length }, `${format} as ${name}`)
  t.match(await recognized(file('a.json', '{"weight_map": {}}')), { format: 'index' })
  t.match(await recognized(file('no-arrays', encodeNpz({}))), { format: 'npz' })
})

t.test('by its ending where bytes do not tell, so that the reader says what is wrong', async (t) => {
  const noise = '\x17\x99'.repeat(30)
  for (const format of ['safetensors', 'npz', 'npy', 'onnx'])
    t.match(await recognized(file(`x.${format.toUpperCase()}`, noise)), { format })
})

t.test('what is not read: what it is, which are read, and what to do', async (t) => {
  const cases: readonly (readonly [name: string, content: Uint8Array | string, actual: RegExp, code?: string])[] = [
    ['model.pt', archive('model/data.pkl', 'model/data/0'), /a file of PyTorch; .*safetensors\.torch\.save_file/],
    ['old.pt', '\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.', /a pickle of Python, .*; .*save_file/],
    ['some.pkl', '\x17\x99', /a pickle of Python/],
    ['model.keras', archive('metadata.json', 'config.json'), /a model of Keras; tensorflowjs_converter/],
    ['model.h5', '\x89HDF\r\n\x1a\n\0\0', /a file of HDF5.*; tensorflowjs_converter .*numpy\.savez/],
    ['model.gguf', 'GGUF\x03\0\0\0', /a file of GGUF; take the safetensors/],
    ['model.tflite', '\x1c\0\0\0TFL3\x14\0', /a model of TensorFlow Lite; .*tf2onnx\.convert --tflite/],
    ['saved_model.pb', '\x08\x01\x12\xf0\x01\n', /a graph of TensorFlow; .*tf2onnx/],
    ['frozen.pb', '\n\x10\n\x01x\x12\x0bPlaceholder', /a graph of TensorFlow/],
    ['page.npz', '\n<!DOCTYPE html><html></html>', /a page of HTML; .*look at the address/],
    ['model.json', '<html>', /a page of HTML/],
    ['x.png', '\x89PNG\r\n\x1a\n', /a picture; look at the name/],
    ['x.safetensors', '\xff\xd8\xff\xe0\0\x10JFIF', /a picture/],
    ['y.safetensors', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n', /git-LFS .*; git lfs pull/],
    ['x.gz', '\x1f\x8b\x08\0', /a file that gzip has packed; unpack it by gunzip/],
    ['x.xz', '\xfd7zXZ\0', /unpack it by unxz/],
    ['x.csv', `${'name'.repeat(20)},b\r\n1,2\n`, /a text that begins with 'name.{35}…'; pullback train reads tables/],
    ['package.json', '{"name":"a","version":"1"}', /JSON with the names name, version; .*weight_map.*model\.json/],
    ['none.json', '{}', /JSON without names/],
    ['list.json', '[1, 2]', /JSON that is a list/],
    ['index', '{"weight_map":{}}', /the index of a model; give it a name that ends in \.json/],
    ['noise', '\x17\x99\x00', /a file of another kind; write it in one of these formats/],
    ['cut.json', '{"modelTopology":', /a text that begins like JSON and is none; copy or download/, 'damaged-file'],
    ['empty.json', '', /an empty file; copy or download it again/, 'damaged-file'],
    ['empty.onnx', '', /an empty file/, 'damaged-file'],
  ]
  for (const [name, content, actual, code = 'unsupported-format'] of cases) {
    const error: Failure = await recognized(file(name, content)).then(
      () => t.fail(name),
      (e) => e,
    )
    t.match(error.message, actual, name)
    t.match(error.message, /: expected safetensors, npz, npy, ONNX, IDX or a model\.json of TensorFlow\.js, got /)
    t.equal(error.code, code, name)
  }
})

t.test('folders, devices, and what is not there', async (t) => {
  mkdirSync(join(folder, 'run'))
  await t.rejects(recognized(join(folder, 'run')), { message: /got a folder; name a file in it \[/ })
  file('run/model.safetensors', 'x')
  await t.rejects(recognized(join(folder, 'run')), { message: /such as model\.safetensors \[unsupported-format\]/ })
  await t.rejects(recognized(join(folder, 'absent')), { code: 'file-access' })
  if (process.platform !== 'win32')
    await t.rejects(recognized('/dev/null'), { message: /no file but a device or a pipe; write it to a file first/ })
})
