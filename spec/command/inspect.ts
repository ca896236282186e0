import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeSafetensors, fromNested, init, key, linear, named, zeros } from 'pullback'
import { saveModel } from 'pullback/node'
import { toOnnx } from 'pullback/onnx'
import t from 'tap'
import { folder, pullback } from '../support/command.ts'

const file = (name: string): string => join(folder, name)

t.test('names, formats, shapes, numbers if asked for, texts and what was told of a model', async (t) => {
  const params = {
    L: {
      W: fromNested([
        [1, 2],
        [3, Number.NaN],
      ]),
      b: zeros([2], 'float64'),
    },
  }
  await saveModel(file('model.safetensors'), { params, state: {} }, { labels: ['no', '#1'], made: { by: 'me' } })()
  const { code, stdout } = await pullback('inspect', 'model.safetensors', '--statistics')
  t.equal(code, 0)
  t.match(stdout, /^model\.safetensors: safetensors, \d+ bytes, 2 tensors, 6 numbers\n/)
  t.match(stdout, /params\.L\.W +F32 +\[2, 2\] +1 +2 +3 +0\.8165 +1\n/)
  t.match(stdout, /params\.L\.b +F64 +\[2\] +0 +0 +0 +0\n/)
  t.match(stdout, /format: pullback\n[\s\S]*labels: \["no","#1"\]\n {2}made\.by: me\n$/)
  t.match((await pullback('inspect', 'model.safetensors')).stdout, /shape\n.*\nparams\.L\.b {2}F64 +\[2\]\n/)
  const json = JSON.parse((await pullback('inspect', 'model.safetensors', '--json', '--statistics')).stdout)
  t.match(json, {
    parameters: 6,
    told: { labels: ['no', '#1'] },
    tensors: [{ name: 'params.L.b' }, { shape: [2, 2], notFinite: 1 }],
  })
})

t.test('a file of a stranger: nothing that moves the cursor is printed', async (t) => {
  const bytes = encodeSafetensors(
    { 'a\u001b[2Jb': zeros([0]) },
    { note: 'x\u001b]0;y\u0007\u202e\nz', __proto__x: '{}' },
  )
  writeFileSync(file('hostile.safetensors'), bytes)
  const { code, stdout } = await pullback('inspect', 'hostile.safetensors')
  t.equal(code, 0)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
  t.notMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  t.match(stdout, /a\\u\{1b\}\[2Jb +F32 +\[0\]/)
  t.equal(JSON.parse((await pullback('inspect', 'hostile.safetensors', '--json')).stdout).tensors.length, 1)
})

t.test('a file that is cut, damaged, no such file, or not there: one line, exit code 1', async (t) => {
  const whole = readFileSync(file('model.safetensors'))
  const flipped = Uint8Array.from(whole)
  flipped[whole.length - 1] = (flipped[whole.length - 1] as number) ^ 1
  const huge = Uint8Array.from({ length: 64 }, () => 0xff)
  const cases = [
    [
      'cut',
      whole.subarray(0, whole.length - 5),
      /cut: safetensors .*expected \d+ bytes in all, got \d+ \[damaged-file\]\n$/,
    ],
    ['flipped', flipped, /flipped: .*checksum/],
    ['huge', huge, /huge: expected safetensors, .*got a file of another kind; .*\[unsupported-format\]\n$/],
    ['huge.safetensors', huge, /at byte 0: .*header of at most 100000000 bytes, got one of 18446744073709551615;/],
    ['empty', new Uint8Array(), /empty: .*got an empty file; copy or download it again \[damaged-file\]\n$/],
    ['text', new TextEncoder().encode('x,y\n1,2\n3,4\n'), /text: .*got a text that begins with 'x,y'/],
  ] as const
  for (const [name, bytes, expected] of cases) {
    writeFileSync(file(name), bytes)
    const { code, stdout, stderr } = await pullback('inspect', name)
    t.same([code, stdout], [1, ''], name)
    t.match(stderr, expected)
    t.equal(stderr.trim().split('\n').length, 1)
  }
  t.match((await pullback('inspect', 'absent')).stderr, /^pullback: absent: cannot open: ENOENT/)
})

t.test('a model of ONNX', async (t) => {
  const layer = named('L', linear(3, 2))
  writeFileSync(file('model.onnx'), toOnnx(layer, init(layer, key(0))))
  const { code, stdout } = await pullback('inspect', 'model.onnx')
  t.equal(code, 0)
  t.match(stdout, /^model\.onnx: onnx, \d+ bytes, 2 tensors, operators of ai\.onnx 17\n/)
  t.match(stdout, /input +input +float +\[\?, 3\]\n/)
  t.match(stdout, /tensor +L\.W +float +\[2, 3\]\n/)
  t.match(stdout, /Gemm +1\n/)
  const json = JSON.parse((await pullback('inspect', 'model.onnx', '--json')).stdout)
  t.match(json, {
    tensors: [{ name: 'L.W' }, { name: 'L.b', shape: [2] }],
    operators: { Gemm: 1 },
    producer: 'pullback',
  })
  writeFileSync(file('broken.onnx'), readFileSync(file('model.onnx')).subarray(0, 50))
  const broken = await pullback('inspect', 'broken.onnx')
  t.not(broken.code, 0)
  t.match(broken.stderr, /broken\.onnx: onnx at byte \d+/)
})
