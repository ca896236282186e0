// The messages of ONNX, as its file onnx.proto3 defines them: the number and the kind of each field that is read.

/** The kinds of fields that are no messages, and what they are here. */
export interface Plain {
  readonly int64: number
  readonly int32: number
  readonly uint64: number
  readonly float: number
  readonly double: number
  readonly string: string
  readonly bytes: Uint8Array
}

/**
 * A field's number and kind. `[]` marks one that may occur many times, and `!` one that changes what a model means and
 * is not supported. Other fields, such as comments, are skipped.
 */
export const messages = {
  Model: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    producerVersion: [3, 'string'],
    domain: [4, 'string'],
    modelVersion: [5, 'int64'],
    docString: [6, 'string'],
    graph: [7, 'Graph'],
    opsetImport: [8, 'OperatorSetId[]'],
    metadataProps: [14, 'StringStringEntry[]'],
    trainingInfo: [20, '!'],
    functions: [25, '!'],
  },
  Graph: {
    node: [1, 'Node[]'],
    name: [2, 'string'],
    initializer: [5, 'Tensor[]'],
    docString: [10, 'string'],
    input: [11, 'ValueInfo[]'],
    output: [12, 'ValueInfo[]'],
    valueInfo: [13, 'ValueInfo[]'],
    sparseInitializer: [15, '!'],
  },
  Node: {
    input: [1, 'string[]'],
    output: [2, 'string[]'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'Attribute[]'],
    docString: [6, 'string'],
    domain: [7, 'string'],
  },
  Attribute: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    t: [5, 'Tensor'],
    g: [6, 'Graph'],
    floats: [7, 'float[]'],
    ints: [8, 'int64[]'],
    strings: [9, 'bytes[]'],
    tensors: [10, 'Tensor[]'],
    graphs: [11, 'Graph[]'],
    docString: [13, 'string'],
    type: [20, 'int32'],
    refAttrName: [21, '!'],
    sparseTensor: [22, '!'],
    sparseTensors: [23, '!'],
  },
  Tensor: {
    dims: [1, 'int64[]'],
    dataType: [2, 'int32'],
    segment: [3, '!'],
    floatData: [4, 'float[]'],
    int32Data: [5, 'int32[]'],
    stringData: [6, 'bytes[]'],
    int64Data: [7, 'int64[]'],
    name: [8, 'string'],
    rawData: [9, 'bytes'],
    doubleData: [10, 'double[]'],
    uint64Data: [11, 'uint64[]'],
    docString: [12, 'string'],
    externalData: [13, 'StringStringEntry[]'],
    dataLocation: [14, 'int32'],
  },
  ValueInfo: { name: [1, 'string'], type: [2, 'Type'], docString: [3, 'string'] },
  Type: { tensorType: [1, 'TensorType'], denotation: [6, 'string'] },
  TensorType: { elemType: [1, 'int32'], shape: [2, 'TensorShape'] },
  TensorShape: { dim: [1, 'Dimension[]'] },
  Dimension: { dimValue: [1, 'int64'], dimParam: [2, 'string'], denotation: [3, 'string'] },
  OperatorSetId: { domain: [1, 'string'], version: [2, 'int64'] },
  StringStringEntry: { key: [1, 'string'], value: [2, 'string'] },
} as const

export type MessageName = keyof typeof messages
type FieldOf<F> = F extends readonly [number, infer K] ? ValueOf<K> : never
type ValueOf<K> = K extends `${infer T}[]`
  ? readonly ValueOf<T>[]
  : K extends keyof Plain
    ? Plain[K]
    : K extends MessageName
      ? Message<K>
      : never

/** A message as a record. A field that is absent is undefined, or an empty list where it may occur many times. */
export type Message<N extends MessageName> = {
  readonly [F in keyof (typeof messages)[N]]?: FieldOf<(typeof messages)[N][F]> | undefined
}

/** One field of the table. */
export interface Field {
  readonly name: string
  readonly number: number
  readonly kind: string
  readonly isRepeated: boolean
  readonly isRefused: boolean
}

const entriesOf = (message: object): readonly Field[] =>
  Object.entries(message as { readonly [name: string]: readonly [number, string] }).map(([name, [number, kind]]) => ({
    name,
    number,
    kind: kind.replace('[]', ''),
    isRepeated: kind.endsWith('[]'),
    isRefused: kind === '!',
  }))

/** The fields of each message, by their numbers. */
export const fieldsOf: ReadonlyMap<string, ReadonlyMap<number, Field>> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries(messages).map(([name, message]) => [
    name,
    new Map(entriesOf(message).map((field) => [field.number, field])),
  ]),
)

/** How each kind of number is on the wire: a varint, 8 bytes, bytes of some length, or 4 bytes. */
export const wireTypes: ReadonlyMap<string, 0 | 1 | 5> = /* @__PURE__ */ new Map([
  ['int64', 0],
  ['int32', 0],
  ['uint64', 0],
  ['double', 1],
  ['float', 5],
] as const)
