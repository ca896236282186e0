// The table in docs/files.md of the ONNX model zoo: which operators its models use, and how many of them are read.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { operators } from '../../lib/onnx/operator/table.ts'
import { root } from '../support/run.ts'

/**
 * The operators of each family. Those who had the files have listed them: onnx/onnx-mlir#128, ROCm/AMDMIGraphX#271,
 * #424, #425, #445 and #591. With a star they are what the network and its converter make. No model was downloaded.
 */
const zoo = `
ResNet v1, v2: Add AveragePool BatchNormalization Conv Flatten Gemm GlobalAveragePool MaxPool Relu Reshape Softmax Sum
MobileNet v2: Add Clip Concat Constant Conv Gather Gemm GlobalAveragePool Reshape Shape Unsqueeze
SqueezeNet*: AveragePool Concat Conv Dropout GlobalAveragePool MaxPool Relu Reshape Softmax
VGG*: BatchNormalization Conv Dropout Flatten Gemm MaxPool Relu Reshape Softmax
AlexNet, CaffeNet, R-CNN, ZFNet: Conv Dropout Gemm LRN MaxPool Relu Reshape Softmax
DenseNet*: Add AveragePool BatchNormalization Concat Conv GlobalAveragePool MaxPool Mul Relu Unsqueeze
GoogLeNet, Inception v1: AveragePool Concat Conv Dropout Gemm LRN MaxPool Relu Reshape Softmax
Inception v2*: Add AveragePool BatchNormalization Concat Conv Gemm MaxPool Mul Relu Reshape Softmax Unsqueeze
ShuffleNet v1, v2*: AveragePool BatchNormalization Concat Constant Conv Gemm MaxPool ReduceMean Relu Reshape Softmax
  Split Sum Transpose
EfficientNet-Lite*: Add AveragePool BatchNormalization Clip Conv MatMul Softmax Squeeze Transpose
YOLOv2, Tiny YOLOv2*: Add BatchNormalization Concat Constant Conv LeakyRelu MaxPool Mul Reshape Transpose
YOLOv3: Add BatchNormalization Cast Ceil Concat Conv Div Exp Gather LeakyRelu Loop Mul NonMaxSuppression ReduceMin
  Reshape Resize Shape Sigmoid Slice Squeeze Sub Tile Transpose Unsqueeze
Tiny YOLOv3: Add BatchNormalization Cast Ceil Concat Conv Div Exp Identity LeakyRelu Loop MaxPool Mul
  NonMaxSuppression ReduceMin Reshape Resize Round Shape Sigmoid Slice Squeeze Sub Tile Transpose Unsqueeze
YOLOv4: Add Cast Concat Conv Exp Gather LeakyRelu Log MaxPool Mul Reshape Resize Shape Sigmoid Slice Split Tanh
  Transpose
SSD*: Add BatchNormalization Cast Concat Constant ConstantOfShape Conv Exp Gather MaxPool Mul NonMaxSuppression Relu
  Reshape Shape Slice Softmax Squeeze Sub TopK Transpose Unsqueeze
SSD-MobileNet v1: Add Cast Clip Concat ConstantOfShape Conv Div Exp Gather If Less Loop Min Mul NonMaxSuppression
  Reshape Resize Shape Sigmoid Slice Split Squeeze Sub Tile Transpose Unsqueeze
Faster R-CNN: Add Cast Clip Concat Constant ConstantOfShape Conv Div Equal Exp Expand Flatten Floor Gather Gemm
  Greater Log MaxPool Mul NonMaxSuppression NonZero ReduceMin Relu Reshape Resize RoiAlign Scatter Shape Sigmoid Slice
  Softmax Sqrt Squeeze Sub TopK Transpose Unsqueeze
Mask R-CNN*: Add And Cast Clip Concat Constant ConstantOfShape Conv ConvTranspose Div Equal Exp Expand Flatten Floor
  Gather Gemm Greater Less Log MaxPool Mul NonMaxSuppression NonZero ReduceMin Relu Reshape Resize RoiAlign Scatter
  Shape Sigmoid Slice Softmax Sqrt Squeeze Sub TopK Transpose Unsqueeze
RetinaNet*: Add BatchNormalization Conv MaxPool Relu Sigmoid Upsample
UltraFace*: Add BatchNormalization Concat Constant Conv Div Exp Gather Mul Relu Reshape Shape Slice Softmax Sub
  Transpose Unsqueeze
FCN: Add Cast Concat Constant Conv Gather MaxPool Relu Resize Shape Slice Unsqueeze
DUC: BatchNormalization Conv MaxPool Relu Reshape Softmax Sum
style transfer: Add Cast Concat Constant Conv Div Floor Gather InstanceNormalization Mul Pad Relu Shape Slice
  Unsqueeze Upsample
super resolution: Constant Conv Relu Reshape Transpose
MNIST: Add Conv MatMul MaxPool Relu Reshape
FER+ (emotions)*: Add Constant Conv Div Dropout MatMul MaxPool Relu Reshape Sub
ArcFace: Add BatchNormalization Conv Dropout Flatten Gemm Identity Mul PRelu Reshape Sub
BERT: Add Cast Concat ConstantOfShape Gather Identity MatMul Mul OneHot Pow Reciprocal ReduceMean Reshape Shape Slice
  Softmax Split Sqrt Squeeze Sub Tanh Tile Transpose Unsqueeze
GPT-2: Add Cast Concat Constant ConstantOfShape Div Gather Gemm MatMul Mul NonZero Pow ReduceMean Reshape Shape Slice
  Softmax Split Sqrt Squeeze Sub Tanh Transpose Unsqueeze Where
RoBERTa: Add Cast Concat Constant ConstantOfShape CumSum Div Equal Erf Expand Gather Gemm MatMul Mul NonZero Not Pow
  ReduceMean Reshape Shape Softmax Sqrt Squeeze Sub Tanh Transpose Unsqueeze
T5: Abs Add Cast Concat Constant ConstantOfShape Div Gather Less LessOrEqual Log MatMul Max Min Mul Neg Pow Range
  ReduceMean Relu Reshape Shape Softmax Sqrt Sub Tile Transpose Unsqueeze Where
BiDAF: Abs Add ArgMax Cast CategoryMapper Ceil Clip Compress Concat ConstantOfShape Conv Dropout Gather Hardmax LSTM
  Log MatMul Mul ReduceMax ReduceSum Relu Reshape Scan Shape Sigmoid Slice Softmax Squeeze Sub Sum Transpose Unsqueeze
`
const families = zoo
  .trim()
  .split(/\n(?! )/)
  .map((line) => {
    const [name = '', used = ''] = line.split(': ')
    const all = used.split(/\s+/)
    return { name, all, missing: all.filter((operator) => !operators.has(operator)) }
  })

t.test('the table of docs/files.md is that of the reader', async (t) => {
  const page = readFileSync(join(root, 'docs', 'files.md'), 'utf8')
  const rows = families.map(
    ({ name, all, missing }) =>
      `| ${[name, all.length, all.length - missing.length, missing.join(', ')].join(' | ')} |`,
  )
  const heading = '| family | operators | read | missing |\n|---|---|---|---|\n'
  const [, table = ''] = page.split(heading)
  t.equal(table.slice(0, table.indexOf('\n\n')), rows.join('\n'))
  const different = new Set(families.flatMap(({ all }) => all))
  const read = [...different].filter((operator) => operators.has(operator))
  const whole = families.filter(({ missing }) => missing.length === 0)
  const said = `${read.length} of ${different.size} operators, and all of ${whole.length} of ${families.length} families`
  t.ok(page.replace(/\s+/g, ' ').includes(said), said)
})
