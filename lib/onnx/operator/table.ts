import { activation } from './activation.ts'
import { arithmetic } from './arithmetic.ts'
import { attentions } from './attention.ts'
import { convolution } from './convolution.ts'
import { furtherOperators } from './further.ts'
import { linear } from './linear.ts'
import { normalization } from './normalize.ts'
import type { Operator, Operators } from './operator.ts'
import { parts } from './part.ts'
import { pooling } from './pool.ts'
import { recurrences } from './recurrent.ts'
import { reduce } from './reduce.ts'
import { resizing } from './resize.ts'
import { scattering } from './scatter.ts'
import { shapes } from './shape.ts'
import { spaces } from './space.ts'
import { entrywise } from './unary.ts'

/** Nothing is dropped when a network is evaluated, and none is dropped in training: a file says too little of it. */
const dropout: Operator = (node) => {
  node.float('ratio', 0.5)
  node.int('seed', 0)
  if (node.outputs > 1) node.refuse('the mask as a second output')
  const training = node.constant(2)?.numbers?.[0] ?? 0
  if (training !== 0 || (node.has(2) && node.constant(2) === undefined)) node.refuse('training_mode')
  return (x) => (x === undefined ? [] : [x])
}

const all: Operators = {
  ...entrywise,
  ...arithmetic,
  ...activation,
  ...shapes,
  ...parts,
  ...scattering,
  ...reduce,
  ...linear,
  ...convolution,
  ...pooling,
  ...normalization,
  ...resizing,
  ...recurrences,
  ...attentions,
  ...spaces,
  ...furtherOperators,
  Dropout: dropout,
}

/** The operators that are read, by their names in files. */
export const operators: ReadonlyMap<string, Operator> = /* @__PURE__ */ new Map(Object.entries(all))

/** Inputs that decide what a node does rather than what it computes with: no parameters. */
export const settings: ReadonlyMap<string, readonly number[]> = /* @__PURE__ */ new Map([
  ['Clip', [1, 2]],
  ['Pad', [2]],
  ['Pow', [1]],
  ['Dropout', [1]],
  ['Resize', [1, 2]],
  ['Upsample', [1]],
  ['OneHot', [1, 2]],
  ['Range', [0, 1, 2]],
])
