// Files that are wrong, by category: each is refused with its reason, before memory is taken for it.
import { type AnyTensor, fromArray, fromNested, zeros } from 'pullback'
import { type FromOnnxOptions, fromOnnx, listOnnx } from 'pullback/onnx'
import t from 'tap'
import type { Message } from '../../lib/onnx/proto/fields.ts'
import { writeMessage } from '../../lib/onnx/proto/write.ts'
import { attribute, model, modelMessage, node, numbers, port } from '../support/onnx.ts'

type Model = Message<'Model'>
type Graph = Message<'Graph'>
type Tensor = Message<'Tensor'>

const linear = modelMessage({
  nodes: [node('Gemm', 'x W b', 'h', { transB: 1 }), node('Relu', 'h', 'y')],
  inputs: [port('x', ['batch', 3])],
  outputs: [port('y', ['batch', 2])],
  tensors: { W: numbers([2, 3]), b: numbers([2]) },
})
const sound = writeMessage('Model', linear)
const graph = linear.graph as Graph
const written = (changed: Partial<Model>): Uint8Array => writeMessage('Model', { ...linear, ...changed })
const withGraph = (changed: Partial<Graph>): Uint8Array => written({ graph: { ...graph, ...changed } })
const withTensor = (changed: Partial<Tensor>): Uint8Array =>
  withGraph({ initializer: [{ ...(graph.initializer?.[0] as Tensor), ...changed }, graph.initializer?.[1] as Tensor] })
/** The weights in another file, of which this is said. */
const elsewhere = (said: { readonly [key: string]: string }): Uint8Array =>
  withTensor({
    rawData: undefined,
    dataLocation: 1,
    externalData: Object.entries(said).map(([key, value]) => ({ key, value })),
  })
const withNode = (...nodes: readonly Message<'Node'>[]): Uint8Array => withGraph({ node: nodes })
const withInput = (changed: Message<'ValueInfo'>): Uint8Array => withGraph({ input: [changed] })
const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list)
const appended = (...list: number[]): Uint8Array => bytes(...sound, ...list)
const long = (n: number): AnyTensor => fromArray([n], [1], 'int32')
const withConstants = (
  nodes: readonly Message<'Node'>[],
  tensors: { readonly [name: string]: AnyTensor },
): Uint8Array => model({ nodes, inputs: [port('x', ['batch', 3])], outputs: [port('y', undefined)], tensors })
/** A message of the graph within as many others. */
const nested = (depth: number): Uint8Array => {
  let made: Graph = { name: 'g' }
  for (let i = 0; i < depth; i++)
    made = { node: [{ opType: 'If', output: ['y'], attribute: [{ name: 'then_branch', g: made, type: 5 }] }] }
  return written({ graph: made })
}
const name = (text: string): number[] => [...new TextEncoder().encode(text)]

type Refused = readonly [what: string, bytes: Uint8Array, reason: string, said: RegExp, options?: FromOnnxOptions]

const refused: readonly Refused[] = [
  ['no bytes', bytes(), 'OtherFormat', /a model of ONNX, got no bytes/],
  [
    'a text',
    bytes(...name('hello, this is no model')),
    'OtherFormat',
    /^onnx: expected a model of ONNX, got another file/,
  ],
  ...(
    [
      ['an array of NumPy', [0x93, ...name('NUMPY')]],
      ['a zip archive, as npz and PyTorch have it', name('PK\x03\x04')],
      ['HDF5, as Keras has it', [0x89, ...name('HDF\r\n')]],
      ['a pickle of Python', [0x80, 2, 125]],
      ['a page of HTML or XML', name('<!doctype html>')],
      ['JSON', name('{"format": "layers-model"}')],
      ['a model of TensorFlow Lite', [28, 0, 0, 0, ...name('TFL3')]],
      ['safetensors', [64, 0, 0, 0, 0, 0, 0, 0, ...name('{"W":')]],
      ['a pointer of Git LFS, which stands for the file', name('version https://git-lfs.github.com/spec/v1\n')],
    ] as const
  ).map(
    ([what, file]): Refused => [what, bytes(...file), 'OtherFormat', new RegExp(`a model of ONNX, got ${what} \\[`)],
  ),
  ['no graph', written({ graph: undefined }), 'OtherFormat', /a model with a graph/],
  ['no version of the format', written({ irVersion: undefined }), 'OtherFormat', /a model with a graph/],
  ['version 0 of the format', written({ irVersion: 0 }), 'OtherFormat', /a model with a graph/],
  ['no version of operators', written({ opsetImport: [] }), 'BadHeader', /a version of the operators, got none/],
  [
    'two versions of operators',
    written({ opsetImport: [{ version: 17 }, { domain: 'ai.onnx', version: 18 }] }),
    'DuplicateName',
    /at byte \d+ in entry 'opsetImport\[1\]': expected each name once, got 'ai.onnx' twice/,
  ],
  [
    'two versions of operators of somebody else',
    written({ opsetImport: [{ version: 17 }, { domain: 'mine', version: 1 }, { domain: 'mine', version: 2 }] }),
    'DuplicateName',
    /entry 'opsetImport\[2\]': expected each name once, got 'mine' twice/,
  ],
  [
    'two texts of one name',
    written({
      metadataProps: [
        { key: 'author', value: 'a' },
        { key: 'author', value: 'b' },
      ],
    }),
    'DuplicateName',
    /entry 'metadataProps\[1\]': expected each name once, got 'author' twice/,
  ],
  ['old operators', written({ opsetImport: [{ version: 6 }] }), 'OtherVersion', /version 7 to 24, got 6/],
  ['operators to come', written({ opsetImport: [{ version: 99 }] }), 'OtherVersion', /got 99/],
  ['operators of the next version', written({ opsetImport: [{ version: 25 }] }), 'OtherVersion', /7 to 24, got 25/],
  ['cut in a length', sound.subarray(0, sound.length - 1), 'Truncated', /at byte \d+ in entry 'opsetImport/],
  ['cut in the first number', bytes(8), 'Truncated', /the rest of a number, got the end/],
  ['a length beyond the end', bytes(8, 8, 58, 200, 1, 1), 'Truncated', /a part of at most 1 bytes, got 200/],
  [
    'a length beyond the message around it',
    bytes(8, 8, 58, 4, 10, 9, 1, 1, 1, 1, 1, 1),
    'Truncated',
    /a part of at most 2 bytes, got 9/,
  ],
  ['a length of 2⁶³', bytes(58, 255, 255, 255, 255, 255, 255, 255, 255, 127), 'Truncated', /at most 0 bytes/],
  [
    'a number of eleven bytes',
    bytes(8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1),
    'BadData',
    /at most 64 bits/,
  ],
  ['a number of 65 bits', bytes(8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2), 'BadData', /at most 64 bits/],
  ['field 0', appended(0, 1), 'BadData', /a field with a number, got 0/],
  ['a group', appended(163, 6), 'BadData', /wire type 3/],
  ['wire type 7', appended(167, 6, 1), 'BadData', /wire type 7/],
  ['a known field of another wire type', bytes(18, 0, 10, 1, 1), 'BadData', /a field of wire type 0, got 2/],
  ['a graph that is a number', bytes(8, 8, 56, 1), 'BadData', /a field of wire type 2, got 0/],
  ['two graphs', appended(58, 0), 'DuplicateName', /in entry 'graph': expected the field once/],
  ['a producer twice', appended(18, 1, 97, 18, 1, 98), 'DuplicateName', /producerName/],
  ['a text that is not UTF-8', appended(18, 2, 0xc3, 0x28), 'NotUtf8', /in entry 'producerName'/],
  ['a text with half a character', appended(18, 3, 0xed, 0xa0, 0x80), 'NotUtf8', /a text in UTF-8/],
  [
    'an operator that is not UTF-8',
    withNode({ ...node('Relu', 'x', 'y'), attribute: [{ name: 'a', s: bytes(255), type: 3 }] }),
    'Unsupported',
    /the attribute a/,
  ],
  [
    'an attribute that is not UTF-8',
    withNode({ ...node('Conv', 'x W', 'y'), attribute: [{ name: 'auto_pad', s: bytes(255), type: 3 }] }),
    'NotUtf8',
    /entry 'y'/,
  ],
  ['messages too deep', nested(20), 'TooDeep', /at most 32 deep/],
  ['messages deeper than asked', sound, 'TooDeep', /at most 3 deep/, { limits: { depth: 3 } }],
  ['more messages than asked', sound, 'TooLarge', /at most 4 messages/, { limits: { messages: 4 } }],
  [
    'more bytes than asked',
    sound,
    'TooLarge',
    /at most 10 bytes, got \d+; give a higher limit/,
    { limits: { bytes: 10 } },
  ],
  ['functions', appended(202, 1, 0), 'Unsupported', /without this field, got functions/],
  ['training', appended(162, 1, 0), 'Unsupported', /got trainingInfo/],
  ['sparse weights', withRaw([15 * 8 + 2, 0]), 'Unsupported', /got sparseInitializer/],
  ['weights elsewhere without a name', elsewhere({}), 'MissingName', /at byte \d+ in entry 'W': .*a file of numbers/],
  [
    'weights elsewhere, which nobody gives',
    elsewhere({ location: 'model.data' }),
    'Unsupported',
    /numbers within the model, got the numbers of 'W', which are in the file 'model.data'; .*save_as_external_data=False/,
  ],
  [
    'weights elsewhere, in a file that is too short',
    elsewhere({ location: 'model.data', offset: '8' }),
    'BadOffsets',
    /in entry 'W': expected bytes 8 to 32 of 'model.data', got a file of 31/,
    { external: () => new Uint8Array(31) },
  ],
  [
    'weights elsewhere, of another length',
    elsewhere({ location: 'model.data', length: '25' }),
    'WrongSize',
    /24 bytes for \[2, 3\] of float, got 25/,
  ],
  ...['-1', '0x10', '1e3', '', '9'.repeat(20)].map(
    (offset): Refused => [
      `weights elsewhere at ${offset}`,
      elsewhere({ location: 'model.data', offset }),
      'BadOffsets',
      /offset, a whole number of bytes, got '/,
    ],
  ),
  [
    'weights elsewhere, twice told',
    withTensor({
      rawData: undefined,
      dataLocation: 1,
      externalData: [
        { key: 'location', value: 'a' },
        { key: 'location', value: 'b' },
      ],
    }),
    'DuplicateName',
    /each key of externalData once/,
  ],
  [
    'weights here and elsewhere',
    withTensor({ dataLocation: 1, externalData: [{ key: 'location', value: 'a' }] }),
    'BadData',
    /the numbers once, got twice/,
  ],
  [
    'weights of another location',
    withTensor({ dataLocation: 2 }),
    'BadData',
    /the model or in another file, got a tensor with location 2/,
  ],
  [
    'weights elsewhere that are said to be here',
    withTensor({ externalData: [{ key: 'location', value: 'a' }] }),
    'BadData',
    /a tensor with location 0/,
  ],
  ['weights of complex numbers', withTensor({ dataType: 14 }), 'Unsupported', /the tensor 'W' of complex64/],
  ['weights of texts', withTensor({ dataType: 8 }), 'Unsupported', /the tensor 'W' of string/],
  ['weights of a format to come', withTensor({ dataType: 99 }), 'Unsupported', /the tensor 'W' of number format 99/],
  ['weights of no format', withTensor({ dataType: undefined }), 'Unsupported', /no number format/],
  [
    'weights too short',
    withTensor({ rawData: new Uint8Array(23) }),
    'WrongSize',
    /24 bytes for \[2, 3\] of float, got 23/,
  ],
  ['weights too long', withTensor({ rawData: new Uint8Array(28) }), 'WrongSize', /got 28/],
  [
    'a shape of negative size',
    withTensor({ dims: [-2, -3] }),
    'BadShape',
    /whole sizes that are not negative, got \[-2, -3\]/,
  ],
  ['a shape beyond all numbers', withTensor({ dims: [2 ** 40, 2 ** 40] }), 'WrongSize', /fewer bytes for/],
  ['a shape of 2⁶³', withTensor({ dims: [2 ** 62] }), 'BadShape', /whole sizes/],
  ['a shape of 40 axes', withTensor({ dims: Array(40).fill(1) }), 'BadShape', /at most 32 axes, got 40/],
  ['numbers twice', withTensor({ floatData: [1, 2, 3, 4, 5, 6] }), 'BadData', /the numbers once, got twice/],
  [
    'numbers of another field',
    withTensor({ rawData: undefined, doubleData: [1, 2, 3, 4, 5, 6] }),
    'WrongSize',
    /got 0/,
  ],
  ['truth values of 2', withTensor({ dims: [1], dataType: 9, rawData: bytes(2) }), 'OutOfRange', /2 at 0/],
  [
    'whole numbers beyond their format',
    withTensor({ dims: [1], dataType: 2, rawData: undefined, int32Data: [256] }),
    'OutOfRange',
    /uint8, got 256 at 0/,
  ],
  [
    'an initializer twice',
    withGraph({ initializer: [graph.initializer?.[0] as Tensor, graph.initializer?.[0] as Tensor] }),
    'DuplicateName',
    /'W' twice/,
  ],
  ['a value twice', withNode(node('Relu', 'x', 'y'), node('Relu', 'x', 'y')), 'DuplicateName', /'y' twice/],
  ['an input twice', withGraph({ input: [port('x', [1, 3]), port('x', [1, 3])] }), 'DuplicateName', /'x' twice/],
  [
    'an input that nothing gives',
    withNode(node('Relu', 'z', 'y')),
    'MissingName',
    /entry 'y': .*got 'z', which does not/,
  ],
  [
    'nodes that are not in order',
    withNode(node('Relu', 'h', 'y'), node('Relu', 'x', 'h')),
    'MissingName',
    /'h', which does not/,
  ],
  ['a node that takes its own output', withNode(node('Add', 'x y', 'y')), 'MissingName', /'y', which does not/],
  ['an output that nothing gives', withGraph({ output: [port('z', [1])] }), 'MissingName', /a node that gives 'z'/],
  ['no output', withGraph({ output: [] }), 'BadData', /a graph with an output/],
  ['no input', withGraph({ node: [node('Relu', 'W', 'y')], input: [] }), 'Unsupported', /a graph with an input/],
  ['an input without a type', withInput({ name: 'x' }), 'Unsupported', /'x' of no number format/],
  ['an input of texts', withInput(port('x', ['n', 3], 8)), 'Unsupported', /the input 'x' of string/],
  ['an input of negative size', withInput(port('x', [1, -3])), 'BadShape', /sizes that are not negative/],
  ['an input without axes', withInput(port('x', [])), 'Unsupported', /the input 'x' without axes, which has no batch/],
  [
    'a node with too few inputs',
    withNode(node('Conv', 'x _', 'y')),
    'BadData',
    /entry 'y': expected 2 to 3 inputs, got 2/,
  ],
  ['a node with too many inputs', withNode(node('Relu', 'x W', 'y')), 'BadData', /expected 1 inputs, got 2/],
  [
    'an attribute twice',
    withNode({
      ...node('Elu', 'x', 'y'),
      attribute: [attribute('alpha', { float: 1 }), attribute('alpha', { float: 2 })],
    }),
    'DuplicateName',
    /each attribute once/,
  ],
  [
    'an attribute of another type',
    withNode({ ...node('Elu', 'x', 'y'), attribute: [attribute('alpha', 1)] }),
    'BadData',
    /alpha with type 1, got 2/,
  ],
  [
    'an attribute that is not known',
    withNode(node('Relu', 'x', 'y', { slope: 1 })),
    'Unsupported',
    /Relu of 'y' in opset 17: the attribute slope/,
  ],
  [
    'operators that are not known, all of them',
    withNode(node('Det', 'x', 'a'), node('NonZero', 'a', 's'), {
      ...node('Relu', 'a s', 'y'),
      domain: 'com.microsoft',
      name: 'mine',
    }),
    'Unsupported',
    /Det of 'a' in opset 17, NonZero of 's' in opset 17, com.microsoft.Relu of 'mine' in opset 17/,
  ],
  [
    'all that cannot be read, together',
    withGraph({
      initializer: [
        { name: 'names', dims: [1], dataType: 8, stringData: [bytes(97)] },
        { name: 'V', dims: [9], dataType: 1, dataLocation: 1, externalData: [{ key: 'location', value: 'v.bin' }] },
        { name: 'U', dims: [9], dataType: 1, dataLocation: 1, externalData: [{ key: 'location', value: 'v.bin' }] },
        { name: 'unused', dims: [1], dataType: 8, stringData: [bytes(98)] },
      ],
      input: [port('x', ['n'], 8), port('z', [])],
      node: [
        node('CategoryMapper', 'x names', 'a'),
        node('Mul', 'V U', 'b'),
        {
          ...node('Constant', '', 'c'),
          input: [],
          attribute: [attribute('value', 1)].map((a) => ({ ...a, t: { dataType: 8, dims: [1] }, type: 4 })),
        },
        node('Sum', 'a b c z', 'y'),
      ],
    }),
    'Unsupported',
    /tensors that are read, got the numbers of 'V' and 1 more, which are in the file 'v.bin', the tensor 'names' of string, the input 'x' of string, the input 'z' without axes, which has no batch, CategoryMapper of 'a' in opset 17, the tensor 'c.value' of string; give their bytes .*; docs\/files.md lists/,
  ],
  ...(
    [
      ['softcap', node('Attention', 'x x x', 'y', { softcap: { float: 2 } })],
      ['softmax_precision', node('Attention', 'x x x', 'y', { softmax_precision: 10 })],
      ['past_key, .*: past_value', node('Attention', 'x x x _ x x', 'y')],
      ['nonpad_kv_seqlen', node('Attention', 'x x x _ _ _ x', 'y')],
      ['keys, values or scores as outputs', node('Attention', 'x x x', 'y k')],
      ['the norm 3', node('LpPool', 'x', 'y', { kernel_shape: [2, 2], p: 3 })],
      ['the reduction max', node('ScatterND', 'x x x', 'y', { reduction: 'max' })],
      ['the activations Sigmoid,Tanh,Tanh', node('LSTM', 'x W W', 'y', { activations: ['Sigmoid,Tanh,Tanh'] })],
    ] as const
  ).map(([what, of]): Refused => [what, withNode(of), 'Unsupported', new RegExp(`of 'y' in opset 17: ${what}`)]),
  ['a volume', withNode(node('MaxPool', 'x', 'y', { kernel_shape: [2, 2, 2] })), 'Unsupported', /more than two axes/],
  [
    'strides of 0',
    withNode(node('MaxPool', 'x', 'y', { kernel_shape: [2, 2], strides: [0, 1] })),
    'Unsupported',
    /strides of \[0, 1\]/,
  ],
  [
    'constants that do not fit',
    withConstants([node('Add', 'a b', 'c'), node('Reshape', 'x c', 'y')], {
      a: fromNested([1, 2], 'int32'),
      b: fromNested([1, 2, 3], 'int32'),
    }),
    'BadData',
    /constants that fit/,
  ],
  [
    'a constant that asks for memory',
    withConstants([node('ConstantOfShape', 'n', 'c'), node('Add', 'x c', 'y')], { n: long(2 ** 30) }),
    'TooLarge',
    /constants of at most 4194304 numbers/,
  ],
  [
    'a constant that asks for a little more than allowed',
    withConstants([node('ConstantOfShape', 'n', 'c'), node('Add', 'x c', 'y')], { n: long(101) }),
    'TooLarge',
    /at most 100 numbers/,
    { limits: { numbers: 100 } },
  ],
  [
    'constants that double',
    withConstants(
      [
        ...Array.from({ length: 40 }, (_, i) => node('Concat', `c${i} c${i}`, `c${i + 1}`, { axis: 0 })),
        node('Reshape', 'x c40', 'y'),
      ],
      { c0: zeros([8], 'int32') },
    ),
    'TooLarge',
    /constants of at most/,
  ],
  [
    'constants that are multiplied',
    withConstants(
      [...Array.from({ length: 6 }, (_, i) => node('Tile', `c${i} n`, `c${i + 1}`)), node('Reshape', 'x c6', 'y')],
      { c0: zeros([8], 'int32'), n: long(1000) },
    ),
    'TooLarge',
    /constants of at most/,
  ],
  [
    'shapes that need the numbers of a tensor',
    withNode(node('ArgMax', 'x', 's', { axis: 1, keepdims: 0 }), node('Reshape', 'x s', 'y')),
    'Unsupported',
    /Reshape of 'y' .*: sizes that depend on the numbers of a tensor/,
  ],
]

/** What is wrong with names and tensors, so that a list would say what is not so. */
const unlisted =
  /^(no bytes|a text|an array of NumPy|JSON|no graph|two |weights (too|elsewhere (at|without)|here and|of another loc|elsewhere that)|a shape of|an initializer twice|more)/

/** The sound model with a field added to its graph. */
function withRaw(list: readonly number[]): Uint8Array {
  const inner = bytes(...writeMessage('Graph', graph), ...list)
  const rest = writeMessage('Model', { ...linear, graph: undefined })
  const length = inner.length < 128 ? [inner.length] : [(inner.length & 127) | 128, inner.length >> 7]
  return bytes(...rest, 58, ...length, ...inner)
}

t.test('the file that they are made from is read', async (t) => t.equal(fromOnnx(sound)._tag, 'Right'))

t.test('each is refused with its reason', async (t) => {
  for (const [what, file, reason, said, options] of refused) {
    const found = fromOnnx(file, options)
    t.equal(found._tag === 'Left' ? found.left.reason : 'nothing', reason, what)
    t.match(found._tag === 'Left' ? found.left.message : '', said, what)
  }
})

t.test('what is wrong is not listed either, for the same reason', async (t) => {
  for (const [what, file, reason, said, { limits } = {}] of refused.filter(([what]) => unlisted.test(what))) {
    const found = listOnnx(file, { limits })
    t.equal(found._tag === 'Left' ? found.left.reason : 'nothing', reason, what)
    t.match(found._tag === 'Left' ? found.left.message : '', said, what)
  }
})

t.test('errors have the byte, or the entry, or the name', async (t) => {
  for (const [what, file, reason, , options] of refused) {
    const found = fromOnnx(file, options)
    if (found._tag === 'Right' || ['OtherFormat', 'Unsupported'].includes(reason)) continue
    const { byte, entry, message } = found.left
    t.ok(byte !== undefined || entry !== undefined || /more bytes than/.test(what), message)
    t.notMatch(message, /entry ''/)
  }
})

t.test('no refusal takes much memory or time', async (t) => {
  for (const [what, file, , , options] of refused) {
    const before = process.memoryUsage()
    const begun = performance.now()
    fromOnnx(file, options)
    const after = process.memoryUsage()
    const taken = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed
    t.ok(taken < 2 ** 26, `${what}: ${taken} bytes`)
    t.comment(`${what}: ${Math.round(performance.now() - begun)} ms`)
  }
})

t.test('cut anywhere it is refused', async (t) => {
  for (let end = 0; end < sound.length; end++) {
    const found = fromOnnx(sound.subarray(0, end))
    // A file that ends between two fields may be sound, as long as it has a graph.
    if (found._tag === 'Right') t.match(end, sound.length - 4 <= end ? end : 'a cut', `${end} of ${sound.length}`)
  }
})

t.test('mistakes of a program are thrown', async (t) => {
  t.throws(
    () => fromOnnx(sound, { images: 'CHWN' as 'NCHW' }),
    /fromOnnx: expected images 'NHWC' or 'NCHW', got 'CHWN'/,
  )
  t.throws(() => fromOnnx(sound, { limits: { depth: -1 } }), /a limit of depth, a number from 0 on, got -1/)
  t.throws(
    () => fromOnnx(sound, { limits: { size: 1 } as object }),
    /options among bytes, depth, messages, numbers, got 'size'/,
  )
  t.throws(() => fromOnnx(sound, { external: {} as never }), /external, a function from the name of a file/)
  t.throws(
    () => fromOnnx(elsewhere({ location: 'a' }), { external: () => [1] as never }),
    /fromOnnx: expected external to give the bytes of 'a', a Uint8Array, got/,
  )
  t.throws(() => listOnnx(sound, { names: true } as object), /listOnnx: expected options among limits, got 'names'/)
  const other = fromOnnx('model.onnx' as unknown as Uint8Array)
  t.match(other._tag === 'Left' && other.left.message, /the bytes of a file, a Uint8Array, got 'model.onnx'/)
})
