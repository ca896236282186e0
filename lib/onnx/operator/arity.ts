// How many inputs operators take.
type Arity = readonly [least: number, most: number]

const any = Number.POSITIVE_INFINITY
const arities: ReadonlyMap<string, Arity> = /* @__PURE__ */ new Map<string, Arity>([
  ...'Add Sub Mul Div Mod Pow Greater Less GreaterOrEqual LessOrEqual Equal And Or Xor'
    .split(' ')
    .map((op) => [op, [2, 2]] as const),
  ...'PRelu Reshape CumSum Expand Tile Gather GatherElements GatherND MatMul CastLike RMSNormalization'
    .split(' ')
    .map((op) => [op, [2, 2]] as const),
  ...'Max Min Sum Mean Concat Einsum'.split(' ').map((op) => [op, [1, any]] as const),
  ...'Where Range ScatterElements ScatterND OneHot InstanceNormalization GroupNormalization'
    .split(' ')
    .map((op) => [op, [3, 3]] as const),
  ...'Gemm Conv ConvTranspose LayerNormalization'.split(' ').map((op) => [op, [2, 3]] as const),
  ['BatchNormalization', [5, 5]],
  ['Constant', [0, 0]],
  ['Attention', [3, 7]],
  ['LSTM', [3, 8]],
  ['GRU', [3, 6]],
  ['RNN', [3, 6]],
  ['Clip', [1, 3]],
  ['Dropout', [1, 3]],
  ['Squeeze', [1, 2]],
  ['Split', [1, 2]],
  ['Trilu', [1, 2]],
  ['Resize', [1, 4]],
])
/** What was an attribute before some version is an input since: operator, version, inputs since. */
const changed: readonly (readonly [op: RegExp, since: number, arity: Arity])[] = [
  [/^ReduceSum$/, 13, [1, 2]],
  [/^Reduce(?!Sum$)/, 18, [1, 2]],
  [/^Unsqueeze$/, 13, [2, 2]],
  [/^Slice$/, 10, [3, 5]],
  [/^Pad$/, 11, [2, 4]],
  [/^Upsample$/, 9, [2, 2]],
  [/^TopK$/, 10, [2, 2]],
]

/** The least and the largest number of inputs of an operator, 1 unless it is listed. */
export const arityOf = (op: string, opset: number): Arity =>
  changed.find(([name, since]) => name.test(op) && opset >= since)?.[2] ?? arities.get(op) ?? [1, 1]
