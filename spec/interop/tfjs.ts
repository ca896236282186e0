// Layers models of TensorFlow.js: what it saved predicts the same here, models as Keras 2 and 3 write them, and files that
// are wrong. The files in tfjs/ were written by tfjs.mjs.
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type AnyTensor, type FormatError, fromArray, predict, type Tensor, toArray, toTypedArray } from 'pullback'
import { fromTfjs } from 'pullback/interop'
import { loadTfjs } from 'pullback/node'
import t from 'tap'
import { distance, interopFile } from '../support/interop.ts'
import { dense, floats, type Json, model, sequential, spec } from '../support/tfjs.ts'

const folder = fileURLToPath(new URL('tfjs', import.meta.url))
const floatsIn = (base64: string): number[] => [
  ...new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer),
]
const intsIn = (base64: string): number[] => [...new Int32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer)]
const right = (json: string, bytes: Uint8Array) => {
  const found = fromTfjs(json, bytes)
  if (found._tag === 'Left') throw found.left
  return found.right
}
const outputs = (json: string, bytes: Uint8Array, x: AnyTensor): number[] => {
  const { layer, variables } = right(json, bytes)
  return toArray(predict(layer, variables, x as never) as Tensor)
}
const left = (json: unknown, bytes: unknown = new Uint8Array()): FormatError => {
  const found = fromTfjs(json as string, bytes as Uint8Array)
  if (found._tag === 'Right') throw new Error('it was read')
  return found.left
}

interface Written {
  readonly shape: readonly number[]
  readonly x: string
}
type Example = { readonly y: string } & (Written | { readonly inputs: { readonly [name: string]: Written } })

t.test('what TensorFlow.js saved predicts the same here', async (t) => {
  const examples = JSON.parse(Buffer.from(interopFile('tfjs/examples.json')).toString()) as {
    readonly [name: string]: Example
  }
  for (const [name, example] of Object.entries(examples)) {
    const found = await loadTfjs(join(folder, `${name}.json`))()
    if (found._tag === 'Left') throw found.left
    const { layer, variables } = found.right
    const tensorIn = ({ x, shape }: Written): AnyTensor =>
      name === 'tokens' ? fromArray(intsIn(x), shape as never, 'int32') : fromArray(floatsIn(x), shape as never)
    const x =
      'inputs' in example
        ? Object.fromEntries(Object.entries(example.inputs).map(([input, one]) => [input, tensorIn(one)]))
        : tensorIn(example)
    const value = predict(layer, variables, x as never) as Tensor
    const off = distance(toTypedArray(value), floatsIn(example.y))
    t.ok(off < 1e-6, `${name}: ${off}`)
  }
  const found = await loadTfjs(join(folder, 'images.json'))()
  t.same(found._tag === 'Right' && Object.keys(found.right.variables.params), [
    'conv2d_Conv2D1',
    'batch_normalization_BatchNormalization1',
    'depthwise_conv2d_DepthwiseConv2D1',
    'p_re_lu_PReLU1',
    'layer_normalization_LayerNormalization1',
    'dense_Dense1',
  ])
})

const one = dense('d', 2, 1)
const onesAndBias = floats(1, 10, 100)

t.test('models as Keras writes them', async (t) => {
  const x = fromArray([1, 2], [1, 2])
  t.same(outputs(sequential([one]), onesAndBias, x), [121])
  t.same(
    outputs(
      model({ model_config: { class_name: 'Sequential', config: [one] } }, [
        spec('d/kernel', [2, 1]),
        spec('d/bias', [1]),
      ]),
      onesAndBias,
      x,
    ),
    [121],
    'of the converter, and of old',
  )
  const inner = { class_name: 'Sequential', config: { name: 'inner', layers: [one] } }
  t.same(
    outputs(
      model({ class_name: 'Sequential', config: { layers: [inner] } }, [
        spec('inner/d/kernel:0', [2, 1]),
        spec('inner/d/bias:0', [1]),
      ]),
      onesAndBias,
      x,
    ),
    [121],
    'a model in a model',
  )
  const tensor = (name: string) => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, 2], keras_history: [name, 0, 0] },
  })
  const three = {
    class_name: 'Functional',
    config: {
      name: 'f',
      layers: [
        { class_name: 'InputLayer', config: { batch_shape: [null, 2], name: 'i' }, inbound_nodes: [] },
        { ...one, inbound_nodes: [{ args: [tensor('i')], kwargs: {} }] },
        {
          class_name: 'Activation',
          config: { name: 'a', activation: { module: 'builtins', class_name: 'function', config: 'hard_sigmoid' } },
          inbound_nodes: [{ args: [tensor('d')], kwargs: {} }],
        },
      ],
      input_layers: [['i', 0, 0]],
      output_layers: ['a', 0, 0],
    },
    keras_version: '3.4.1',
  }
  t.same(outputs(model(three, [spec('d/kernel', [2, 1]), spec('d/bias', [1])]), floats(0, 0, 1.5), x), [0.75])
})

t.test('weights that were quantized', async (t) => {
  const layers = [{ class_name: 'Dense', config: { ...one.config, use_bias: false } }]
  const topology = { class_name: 'Sequential', config: { layers } }
  const found = (quantization: object, bytes: Uint8Array): number[] =>
    toArray(
      right(model(topology, [{ ...spec('d/kernel', [2, 1]), quantization }]), bytes).variables.params.d?.W as Tensor,
    )
  t.same(found({ dtype: 'uint8', scale: 0.5, min: -1 }, Uint8Array.of(0, 255)), [-1, 126.5])
  t.same(found({ dtype: 'uint16', scale: 0.25, min: 1 }, Uint8Array.of(4, 0, 0, 1)), [2, 65])
  t.same(found({ dtype: 'float16' }, Uint8Array.of(0, 0x3c, 0, 0xc0)), [1, -2])
})

t.test('several files, and those of an optimizer', async (t) => {
  const adam = { ...spec('Adam/iter', [], 'int32'), group: 'optimizer' }
  const manifest = [
    { paths: ['a', 'b'], weights: [spec('d/kernel', [2, 1])] },
    { paths: ['c'], weights: [adam, spec('d/bias', [1])] },
  ]
  const json = JSON.stringify({
    modelTopology: { class_name: 'Sequential', config: { layers: [one] } },
    weightsManifest: manifest,
  })
  const bytes = {
    a: onesAndBias.slice(0, 3),
    b: onesAndBias.slice(3, 8),
    c: Uint8Array.of(9, 0, 0, 0, ...onesAndBias.slice(8)),
  }
  const found = fromTfjs(json, bytes)
  t.same(found._tag === 'Right' && toArray(found.right.variables.params.d?.W as Tensor), [1, 10])
  t.equal(left(json, { a: bytes.a, b: bytes.b }).reason, 'MissingName')
  t.equal(left(json, { ...bytes, b: bytes.c }).reason, 'TrailingBytes')
})

t.test('layers without a counterpart are told all at once, with the reason', async (t) => {
  const layer = (class_name: string, config: Json = {}): Json => ({
    class_name,
    config: { name: class_name, ...config },
  })
  const found = left(
    model({
      class_name: 'Sequential',
      config: {
        layers: [
          layer('Dot', { batch_input_shape: [null, 4, 4, 3] }),
          layer('Activation', { activation: 'hard_sigmoid' }),
          layer('ReLU', { max_value: 3 }),
          layer('MaxPooling2D', { data_format: 'channels_first' }),
          layer('Softmax', { axis: 1 }),
          layer('Reshape', { target_shape: [-1, 2] }),
          layer('GlobalAveragePooling2D', { keepdims: true }),
          layer('AveragePooling2D', { padding: 'causal' }),
        ],
      },
    }),
  )
  t.equal(found.reason, 'Unsupported')
  t.same(
    found.differences.map(({ path, message }) => `${path}: ${message}`),
    [
      'Dot: expected a layer of the catalogue, got Dot (modelTopology.config.layers[0])',
      'Activation: expected an activation of the catalogue, got "hard_sigmoid" (modelTopology.config.layers[1])',
      'ReLU: expected a ReLU up to 6, or with a slope below 0, got {"name":"ReLU","max_value":3} (modelTopology.config.layers[2])',
      `MaxPooling2D: expected data_format 'channels_last', got "channels_first" (modelTopology.config.layers[3])`,
      'Softmax: expected the last axis, got axis 1 (modelTopology.config.layers[4])',
      'Reshape: expected a target_shape of whole sizes, got [-1,2] (modelTopology.config.layers[5])',
      'GlobalAveragePooling2D: expected keepdims false, got true (modelTopology.config.layers[6])',
      `AveragePooling2D: expected padding 'same' or 'valid', got "causal" (modelTopology.config.layers[7])`,
    ],
  )
  t.match(found.message, /^tfjs: expected layers that can be made here, got 8 of 8 that cannot: Dot: /)
})

/** A dense layer that does not say what it takes. */
const sizeless = { class_name: 'Dense', config: { name: 'd', units: 1 } }

const network = (layers: readonly Json[], more: Json = {}): Json => ({
  class_name: 'Model',
  config: { name: 'm', layers, input_layers: [['i', 0, 0]], output_layers: [['d', 0, 0]], ...more },
})
const at = (name: string, ...sources: readonly string[]): Json => ({
  class_name: name === 'i' ? 'InputLayer' : 'Activation',
  config: { name, activation: 'relu', ...(name === 'i' && { batch_input_shape: [null, 2, 2, 1] }) },
  inbound_nodes: sources.length === 0 ? [] : [sources.map((source) => [source, 0, 0, {}])],
})
/** A layer of several in a model whose input is an image. */
const shaped = (name: string, class_name: string, ...sources: readonly string[]): Json => ({
  ...at(name, ...sources),
  class_name,
})
const withConfig = (config: Json): string => sequential([{ ...one, config: { ...one.config, ...config } }])
const entry = (fields: object): string =>
  model({ class_name: 'Sequential', config: { layers: [one] } }, [
    { ...spec('d/kernel', [2, 1]), ...fields },
    spec('d/bias', [1]),
  ])

type Case = readonly [what: string, json: unknown, bytes?: unknown]
const malformed: { readonly [reason: string]: readonly Case[] } = {
  OtherFormat: [
    ['a number', 3],
    ['an array of bytes', new ArrayBuffer(2)],
    ['a list', '[]'],
    ['a graph model', '{"format":"graph-model","modelTopology":{}}'],
    ['no topology', '{"weightsManifest":[]}'],
    ['a topology that is a text', '{"modelTopology":"{}"}'],
  ],
  NotUtf8: [['a lone byte', Uint8Array.of(0x7b, 0x80, 0x7d)]],
  NotJson: [
    ['nothing', ''],
    ['an open object', '{'],
    ['a page of HTML', '<!doctype html>'],
    ['NaN', '{"modelTopology": NaN}'],
  ],
  TooDeep: [['a thousand models', `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`]],
  DuplicateName: [
    ['a name in JSON', '{"modelTopology":{},"modelTopology":{}}'],
    [
      'a tensor',
      model({ class_name: 'Sequential', config: { layers: [one] } }, [spec('d/bias', [1]), spec('d/bias', [1])]),
      floats(1, 1),
    ],
    ['a layer', model(network([at('i'), at('d', 'i'), at('d', 'i')]))],
    ['a file', sequential([one]).replace('["w.bin"]', '["w.bin","w.bin"]'), { 'w.bin': onesAndBias }],
  ],
  BadHeader: [
    ['no manifest', '{"modelTopology":{}}'],
    ['a record as manifest', '{"modelTopology":{},"weightsManifest":{}}'],
  ],
  BadEntry: [
    ['a group that is a number', '{"modelTopology":{},"weightsManifest":[3]}'],
    ['paths that are numbers', '{"modelTopology":{},"weightsManifest":[{"paths":[1],"weights":[]}]}'],
    ['no weights in a group', '{"modelTopology":{},"weightsManifest":[{"paths":[]}]}'],
    ['a tensor that is null', model({}, [null as never])],
    ['a tensor without a name', entry({ name: 3 }), onesAndBias],
    ['a quantization without a scale', entry({ quantization: { dtype: 'uint8', min: 0 } }), onesAndBias],
    [
      'a quantization with an infinite range',
      entry({ quantization: { dtype: 'uint8', min: 0, scale: 1 } }).replace('"scale":1', '"scale":1e999'),
      onesAndBias,
    ],
    ['no layers', model({ class_name: 'Sequential', config: { layers: [] } })],
    ['layers that are a number', model({ class_name: 'Sequential', config: { layers: 3 } })],
    ['a layer that is null', model({ class_name: 'Sequential', config: { layers: [null] } })],
    [
      'a layer without a name',
      model({ class_name: 'Sequential', config: { layers: [{ class_name: 'Flatten', config: {} }] } }),
    ],
    [
      'a layer without a configuration',
      model({ class_name: 'Sequential', config: { layers: [{ class_name: 'Flatten', name: 'f' }] } }),
    ],
    ['no units', withConfig({ units: null }), onesAndBias],
    ['negative units', withConfig({ units: -1 }), onesAndBias],
    ['half a unit', withConfig({ units: 0.5 }), onesAndBias],
    ['use_bias that is a text', withConfig({ use_bias: 'no' }), onesAndBias],
    ['weights that no layer has', sequential([one], [spec('e/kernel', [1])]), floats(1, 10, 100, 7)],
    ['inbound_nodes that are a number', model(network([at('i'), { ...at('d'), inbound_nodes: 3 }]))],
    ['a source without a name', model(network([at('i'), { ...at('d'), inbound_nodes: [[[3]]] }]))],
    ['a sum of one', model(network([at('i'), shaped('d', 'Add', 'i')]))],
    ['a layer of two', model(network([at('i'), at('d', 'i', 'i')]))],
    ['no output', model(network([at('i'), at('d', 'i')], { output_layers: [] }))],
    ['two layers of one name', sequential([sizeless, sizeless]), onesAndBias],
    ['a name with a dot', sequential([dense('a.b', 2, 1)]), onesAndBias],
    ['a rate above 1', sequential([one, { class_name: 'Dropout', config: { name: 'r', rate: 2 } }]), onesAndBias],
    [
      'a kernel size of three',
      sequential([{ class_name: 'MaxPooling2D', config: { name: 'p', pool_size: [1, 2, 3] } }], []),
      new Uint8Array(),
    ],
  ],
  BadShape: [
    [
      'layers that do not fit',
      sequential(
        [one, { class_name: 'Dense', config: { name: 'e', units: 1 } }],
        [spec('e/kernel', [3, 1]), spec('e/bias', [1])],
      ),
      floats(1, 1, 1, 1, 1, 1, 1),
    ],
    [
      'windows larger than the image',
      sequential([
        { class_name: 'MaxPooling2D', config: { name: 'p', pool_size: 3, batch_input_shape: [null, 2, 2, 1] } },
      ]),
    ],
    [
      'a reshape to more entries',
      sequential([one, { class_name: 'Reshape', config: { name: 'r', target_shape: [2] } }]),
      onesAndBias,
    ],
    [
      'an image of sequences',
      sequential([{ class_name: 'GlobalAveragePooling2D', config: { name: 'p', batch_input_shape: [null, 2, 2] } }]),
    ],
    ['none', entry({ shape: null }), onesAndBias],
    ['a negative size', entry({ shape: [-2, 1] }), onesAndBias],
    ['a product that overflows', entry({ shape: [2 ** 40, 2 ** 40] }), onesAndBias],
    ['too many axes', entry({ shape: new Array(40).fill(1) }), onesAndBias],
    ['another than the layer’s', withConfig({ units: 2 }), onesAndBias],
    ['a kernel of vectors for images', entry({ shape: [2] }), onesAndBias],
    ['no numbers', entry({ shape: [0, 1] }), floats(1)],
    ['an input of half a size', withConfig({ batch_input_shape: [null, 0.5] }), onesAndBias],
  ],
  UnsupportedNumbers: [
    ['texts', entry({ dtype: 'string' }), onesAndBias],
    ['complex numbers', entry({ dtype: 'complex64' }), onesAndBias],
    ['a name that every object has', entry({ dtype: 'constructor' }), onesAndBias],
    ['no dtype', entry({ dtype: undefined }), onesAndBias],
    ['whole numbers for a kernel', entry({ dtype: 'int32' }), onesAndBias],
    ['an unknown quantization', entry({ quantization: { dtype: 'uint4', scale: 1, min: 0 } }), onesAndBias],
    [
      'quantized whole numbers',
      entry({ dtype: 'int32', quantization: { dtype: 'uint8', scale: 1, min: 0 } }),
      onesAndBias,
    ],
  ],
  TooLarge: [
    [
      'windows of a billion',
      sequential([{ class_name: 'AveragePooling2D', config: { name: 'p', pool_size: 2 ** 30 } }]),
    ],
  ],
  OutOfRange: [['a truth value of 2', entry({ dtype: 'bool' }), Uint8Array.of(1, 2, 0, 0, 0, 0)]],
  Truncated: [
    ['no bytes', sequential([one]), new Uint8Array()],
    ['a byte less', sequential([one]), onesAndBias.slice(1)],
    ['a declared gigabyte', entry({ shape: [2 ** 28, 1] }), onesAndBias],
  ],
  TrailingBytes: [
    ['a byte more', sequential([one]), Uint8Array.of(...onesAndBias, 0)],
    ['bytes that nobody declares', model({ class_name: 'Sequential', config: { layers: [one] } }), floats(1)],
  ],
  MissingName: [
    ['no bytes of a file', sequential([one]), {}],
    ['bytes that are inherited', sequential([one]), Object.create({ 'w.bin': onesAndBias })],
    ['bytes that are a text', sequential([one]), { 'w.bin': 'abc' }],
    ['no kernel', model({ class_name: 'Sequential', config: { layers: [one] } }, [spec('d/bias', [1])]), floats(1)],
    [
      'two kernels that end alike',
      model({ class_name: 'Sequential', config: { layers: [one] } }, [
        spec('a/d/kernel', [2, 1]),
        spec('b/d/kernel', [2, 1]),
        spec('d/bias', [1]),
      ]),
      floats(1, 1, 1, 1, 1),
    ],
    [
      'an input that is not there',
      model(
        network([at('i'), at('d', 'i')], {
          input_layers: [
            ['i', 0, 0],
            ['j', 0, 0],
          ],
        }),
      ),
    ],
    ['a source that is not there', model(network([at('i'), at('d', 'x')]))],
    ['an output that is not there', model(network([at('i'), at('d', 'i')], { output_layers: [['x', 0, 0]] }))],
  ],
  Unsupported: [
    ['a model of a class of its own', model({ class_name: 'constructor', config: {} })],
    ['no class', model({})],
    [
      'two outputs',
      model(
        network([at('i'), at('d', 'i')], {
          output_layers: [
            ['d', 0, 0],
            ['i', 0, 0],
          ],
        }),
      ),
    ],
    ['a layer that takes nothing', model(network([at('i'), at('j'), at('d', 'i', 'j')]))],
    ['a second output of a layer', model(network([at('i'), { ...at('d'), inbound_nodes: [[['i', 0, 1, {}]]] }]))],
    [
      'a tensor among the options',
      model(network([at('i'), { ...at('d'), inbound_nodes: [[['i', 0, 0, { y: ['i', 0, 0] }]]] }])),
    ],
    ['a sum of shapes', model(network([at('i'), shaped('f', 'Flatten', 'i'), shaped('d', 'Add', 'i', 'f')]))],
    [
      'several inputs without a shape',
      model(network([at('i'), at('j'), shaped('d', 'Add', 'i', 'j')], { input_layers: [['i'], ['j']] })),
    ],
    ['a layer beside the chain', model(network([at('i'), at('j', 'i'), at('d', 'i')]))],
    [
      'a layer that is used twice',
      model(network([at('i'), { ...at('d'), inbound_nodes: [[['i', 0, 0]], [['i', 0, 0]]] }])),
    ],
    ['layers in a circle', model(network([at('i'), at('a', 'd'), at('d', 'a')]))],
    [
      'a layer called as objects are',
      model({ class_name: 'Sequential', config: { layers: [{ class_name: '__proto__', config: { name: 'x' } }] } }),
    ],
  ],
}

t.test('wrong files, by kind', async (t) => {
  t.ok(Object.values(malformed).flat().length >= 75)
  for (const [reason, cases] of Object.entries(malformed))
    for (const [what, json, bytes] of cases) {
      const found = fromTfjs(json as string, (bytes ?? new Uint8Array()) as Uint8Array)
      t.equal(found._tag === 'Left' && found.left.reason, reason, `${reason}: ${what}`)
    }
})

t.test('what is no layers model is told apart', (t) => {
  const said = (json: string): string => left(json).message
  t.match(
    said('{"a":1}'),
    /with modelTopology, an object, and weightsManifest, a list, got an object with the fields \["a"\]/,
  )
  t.match(said('{}'), /got an empty object/)
  t.match(said('{"modelTopology":3}'), /got modelTopology 3/)
  t.match(said('{"weight_map":{}}'), /got the index of a model of safetensors; read it by loadSafetensors/)
  t.match(said('{"class_name":"Sequential","config":[]}'), /got the layers of Keras alone, without weights; save/)
  for (const graph of ['{"format":"graph-model"}', '{"modelTopology":{"node":[]},"weightsManifest":[]}'])
    t.match(said(graph), /got a graph model, whose layers are gone; convert .* or to ONNX, which fromOnnx reads/)
  t.end()
})

t.test('errors tell the place in the JSON', (t) => {
  const place = (json: string, bytes?: Uint8Array): string | undefined => left(json, bytes).entry
  t.equal(place(entry({ shape: null })), 'd/kernel, weightsManifest[0].weights[0]')
  t.equal(place(entry({ name: 3 })), 'weightsManifest[0].weights[0]')
  t.equal(place(model({ class_name: 'Sequential', config: { layers: [one, null] } })), 'modelTopology.config.layers[1]')
  t.equal(
    place(model(network([at('i'), { ...at('d'), inbound_nodes: 3 }]))),
    'modelTopology.config.layers[1].inbound_nodes',
  )
  t.match(left(withConfig({ units: -1 }), onesAndBias).message, /d: .* \(modelTopology\.config\.layers\[0\]\)/)
  t.end()
})

t.test('limits of a call', (t) => {
  const json = sequential([one, { class_name: 'MaxPooling2D', config: { name: 'p' } }])
  const limited = (limits: object): string => {
    const found = fromTfjs(json, onesAndBias, { limits })
    return found._tag === 'Left' ? `${found.left.reason}: ${found.left.message}` : 'read'
  }
  t.match(limited({ json: 10 }), /^TooLarge: .*a model.json of at most 10 bytes, got one of \d+/)
  t.match(limited({ depth: 4 }), /^TooDeep: .*nested at most 4 deep/)
  t.match(limited({ layers: 1 }), /^TooLarge: .*at most 1 layers/)
  t.match(limited({ weights: 1 }), /^TooLarge: .*at most 1 tensors, got 2/)
  t.match(limited({ bytes: 11 }), /^TooLarge: .*tensors of at most 11 bytes, got 12/)
  t.match(limited({ window: 3 }), /^TooLarge: .*windows of at most 3 entries/)
  t.throws(() => limited({ bites: 3 }), { code: 'unknown-option' })
  t.throws(() => limited({ json: 0.5 }), /limits\.json that is a whole number from 1, got 0\.5/)
  t.throws(() => fromTfjs(json, onesAndBias, { limit: {} } as never), { code: 'unknown-option' })
  t.throws(() => loadTfjs('model.json', { limits: { json: -1 } }), /loadTfjs: expected limits\.json/)
  t.end()
})

t.test('files are read from the folder of model.json, and from nowhere else', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'pullback-tfjs-'))
  t.teardown(() => rmSync(home, { recursive: true }))
  const write = (paths: readonly string[]): string => {
    const json = sequential([one]).replace('["w.bin"]', JSON.stringify(paths))
    writeFileSync(join(home, 'model.json'), json)
    return join(home, 'model.json')
  }
  const outcome = async (path: string) => {
    const found = await loadTfjs(path)()
    return found._tag === 'Right'
      ? 'right'
      : found.left._tag === 'FileError'
        ? found.left.reason
        : found.left.message.replace(home, '')
  }
  writeFileSync(join(home, 'w.bin'), onesAndBias)
  t.equal(await outcome(write(['w.bin'])), 'right')
  for (const name of ['../w.bin', '/etc/passwd', 'a/b', '..', 'C:w', ''])
    t.match(
      await outcome(write([name])),
      /^\/model\.json: tfjs in entry '.*': expected the name of a file in the folder/,
      name,
    )
  t.equal(await outcome(write(['absent'])), 'ENOENT')
  const nine = join(home, 'nine.bin')
  writeFileSync(nine, onesAndBias.slice(0, 9))
  t.match(await outcome(write(['nine.bin'])), /at byte 9 in entry 'nine.bin': expected 12 bytes of weights, got 9/)
  truncateSync(nine, 2 ** 33)
  t.match(await outcome(write(['nine.bin'])), /expected 12 bytes of weights, got 8589934592/, 'and is not read')
  t.match(await outcome(write(['w.bin', 'w.bin'])), /expected each file once, got 'w.bin' twice/)
  const small = await loadTfjs(write(['w.bin']), { limits: { json: 9 } })()
  t.match(small._tag === 'Left' && small.left.message, /expected a model.json of at most 9 bytes/)
  symlinkSync('/etc/hostname', join(home, 'link'))
  t.match(
    await outcome(write(['link'])),
    /expected a file in the folder of model\.json, got a link to .*; put the file itself there/,
  )
})
