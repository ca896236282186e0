// What someone writes who follows the recipes of docs/design.md: for each a thing that the library does not have.

/** A new file as its text; one that is there as what to put behind which text. */
type Change = string | readonly (readonly [behind: string, text: string])[]

export interface Recipe {
  /** Its heading in docs/design.md. */
  readonly heading: string
  /** What stands for the names in braces. */
  readonly names: Readonly<Record<string, string>>
  readonly changes: Readonly<Record<string, Change>>
}

const elementwise: Recipe = {
  heading: 'An elementwise function',
  names: { name: 'softshrink' },
  changes: {
    'lib/kernel/names.ts': [
      ['export const maps = {', '\n  softshrink: 4, // x less x kept within ±½\n'],
      ['export const zips = {', '\n  softshrinkPullback: 4, // d where |x| > ½, else 0\n'],
    ],
    'lib/kernel/wasm/assembly/kernel/activation.ts': [
      [
        "import { positive } from './simple'\n",
        `
@inline
export function softshrink<T>(x: v128): v128 {
  return v128.sub<T>(x, atMost<T>(atLeast<T>(x, -0.5), 0.5))
}

@inline
export function softshrinkPullback<T>(d: v128, x: v128): v128 {
  return v128.and(d, v128.gt<T>(v128.abs<T>(x), fill<T>(0.5)))
}
`,
      ],
    ],
    'lib/kernel/reference/activation.ts': [
      ['export const activations = {', '\n  softshrink: (x: number) => x - Math.min(Math.max(x, -0.5), 0.5),'],
      [
        'export const activationPullbacks = {',
        '\n  softshrinkPullback: (d: number, x: number) => (Math.abs(x) > 0.5 ? d : 0),',
      ],
    ],
    'lib/op/activation/softshrink.ts': `
import { fused } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import { abs } from '../elementwise/abs.ts'
import { pairwise } from '../elementwise/kernels.ts'
import { unary } from '../elementwise/scalarFunction.ts'
import { maskAbove } from './relu.ts'

/** d where |x| > ½, else 0. */
const softshrinkPullback = fused(
  (d: Tensor, x: Tensor): Tensor => maskAbove(d, abs(x), 0.5),
  pairwise('softshrinkPullback'),
)

/**
 * x − min(½, max(−½, x)), entry by entry. The derivative is 0 up to ±½ and 1 beyond. As PyTorch's \`softshrink\`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.softshrink(fromNested([-2, 0.25]))) // => [-1.5, 0]
 */
export const softshrink = unary('softshrink', (d, x) => softshrinkPullback(d, x))
`,
    'lib/op/index.ts': [['', "export { softshrink } from './activation/softshrink.ts'\n"]],
    'spec/catalogue/activations.ts': [
      [
        'const entries: Readonly<Record<string, Entry>> = {',
        `
  softshrink: {
    layer: elementwise(op.softshrink),
    operation: op.softshrink,
    values: [-3, -0.7, 0, 0, 1, 6],
    slopes: [1, 1, 0, 0, 1, 1],
    kinks: [[-0.5, 0], [0.5, 0]],
    tails: [[-1000, -999.5], [inf, inf]],
  },`,
      ],
      ['', "import { elementwise } from 'pullback'\n"],
    ],
    'spec/transform/vmapOperations.ts': [
      [
        'const cases: { readonly [name in keyof typeof op]: readonly Case[] } = {',
        '\n  softshrink: unary(op.softshrink),',
      ],
    ],
  },
}

const activation: Recipe = {
  heading: 'An activation layer',
  names: {},
  changes: {
    'lib/nn/activation.ts': [
      [
        '',
        `import { softshrink as softshrinkOperation } from '../op/activation/softshrink.ts'

/**
 * x − min(½, max(−½, x)).
 *
 * @example
 * import { fromNested, init, key, predict, softshrink, toNested } from 'pullback'
 * toNested(predict(softshrink, init(softshrink, key(0)), fromNested([[2]]))) // => [[1.5]]
 */
export const softshrink: Layer<Any, Same> = /* @__PURE__ */ elementwise(softshrinkOperation)
`,
      ],
    ],
    'lib/index.ts': [['', "export { softshrink } from './nn/activation.ts'\n"]],
    'lib/interop/layout/plain.ts': [
      ['export const plain: readonly LayerLayout[] = [', "\n  row('softshrink', 'nn.Softshrink', 'Shrink'),"],
    ],
    'spec/catalogue/activations.ts': [
      ['    layer: elementwise(op.softshrink),', ' // the layer of that name from here on'],
      ['', "import { softshrink } from 'pullback'\n;(entries.softshrink as { layer: AnyLayer }).layer = softshrink\n"],
    ],
    'spec/support/onnxLayers.ts': [
      ['export const layers: readonly Written[] = [', "\n  ['softshrink', softshrink, [3]],"],
      ['', "import { softshrink } from 'pullback'\n"],
    ],
  },
}

const layer: Recipe = {
  heading: 'A layer',
  names: { name: 'offset' },
  changes: {
    'lib/nn/offset.ts': `
import { zeros } from '../initializer/constant.ts'
import { layer } from '../layer/custom.ts'
import { add } from '../op/elementwise/add.ts'
import { broadcast } from '../op/reduce/sum.ts'
import { checkShape } from '../tensor/shape.ts'

/**
 * x + b, for b [features], zeros at first.
 *
 * @example
 * import { count, offset } from 'pullback'
 * count(offset(3)) // => 3
 */
export const offset = <const N extends number>(features: N) => {
  checkShape('offset', [features])
  return layer({
    kind: 'offset',
    input: [features],
    params: { b: { shape: [features], draw: zeros } },
    forward: ({ b }, x) => add(x, broadcast(b, x.shape)),
  })
}
`,
    'lib/index.ts': [['', "export { offset } from './nn/offset.ts'\n"]],
    'lib/interop/layout/plain.ts': [['export const plain: readonly LayerLayout[] = [', "\n  row('offset'),"]],
    'spec/catalogue/layers.ts': [
      [
        'const entries: readonly Entry[] = [',
        `
  {
    of: 'offset',
    layer: offset(2),
    input: [2],
    golden: [
      { at: 'two', params: { b: [1, -1] }, x: [[1, 2]], value: [[2, 1]], dy: [[3, 4]], dx: [[3, 4]], dparams: { b: [3, 4] } },
    ],
    errors: [
      [() => offset(-1), /offset: expected whole sizes that are not negative, got \\[-1\\]/],
      [run(named('O', offset(2)), zeros([2, 3])), /offset at O: expected \\[batch, 2\\], got \\[2, 3\\]/],
    ],
  },`,
      ],
      ['', "import { offset } from 'pullback'\n"],
    ],
    'spec/support/onnxLayers.ts': [
      ['export const layers: readonly Written[] = [', "\n  ['offset', offset(2), [2]],"],
      ['', "import { offset } from 'pullback'\n"],
    ],
  },
}

const loss: Recipe = {
  heading: 'A loss',
  names: { name: 'logCosh' },
  changes: {
    'lib/loss/logCosh.ts': `
import { softplus } from '../op/activation/softplus.ts'
import { scale, shift } from '../op/elementwise/scale.ts'
import { sub } from '../op/elementwise/sub.ts'
import { onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

/**
 * Σ log cosh e for differences e = z − y, summed over the outputs of each example. The derivative is tanh e.
 *
 * @example
 * import { fromNested, item, logCosh } from 'pullback'
 * item(logCosh(fromNested([0]))(fromNested([0]))[0]) // => 0
 */
export const logCosh: RegressionLoss = /* @__PURE__ */ onOutputs('logCosh', (z, y) => {
  const e = sub(z, y)
  return overOutputs(shift(sub(softplus(scale(e, 2)), e), -Math.LN2), 'sum')
})
`,
    'lib/index.ts': [['', "export { logCosh } from './loss/logCosh.ts'\n"]],
    'spec/catalogue/losses.ts': [
      [
        'const table: readonly LossEntry[] = [',
        `
  regression('logCosh', logCosh, {
    golden: [
      golden('differences', [f64([[0.5], [-3]]), f64([[0], [0]])], [0.12011450695827745, 2.309328504577785], [0.46211715726000974, -0.9950547536867305]),
    ],
  }),`,
      ],
      ['', "import { logCosh } from 'pullback'\n"],
    ],
  },
}

const optimizer: Recipe = {
  heading: 'An optimizer',
  names: { scaling: 'scaleBySignum' },
  changes: {
    'lib/optim/scale/scaleBySignum.ts': `
import { checkDecay } from '../../tensor/range.ts'
import { average, sign } from '../entrywise.ts'
import { bySlots, type WithSlots } from '../slots.ts'
import type { Transformation } from '../transformation.ts'

/**
 * The sign of a mean of the gradients: μ ← decay μ + (1 − decay) g, begun at zero; the update is sign μ.
 *
 * @example
 * import { fromNested, scaleBySignum, toNested } from 'pullback'
 * const t = scaleBySignum(0.9)
 * const g = { b: fromNested([5, -0.1, 0]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [1, -1, 0]
 */
export const scaleBySignum = (decay: number): Transformation<WithSlots<'mu'>> => {
  checkDecay('scaleBySignum', { decay })
  return bySlots('scaleBySignum', ['mu'], () => (g, mu) => {
    const next = average(mu, g, decay)
    return [sign(next), next]
  })
}
`,
    'lib/optim/alias.ts': [
      [
        '',
        `import { scaleBySignum } from './scale/scaleBySignum.ts'

/**
 * Signum: \`scaleBySignum\`, then −rate.
 *
 * @example
 * import { fromNested, signum, toNested } from 'pullback'
 * const t = signum(0.5)
 * const g = { b: fromNested([123, -4]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [-0.5, 0.5]
 */
export const signum = (rate: Rate = 1e-3, decay = 0.9) => chain(scaleBySignum(decay), descend('signum', rate))
`,
      ],
    ],
    'lib/index.ts': [
      [
        '',
        "export { scaleBySignum } from './optim/scale/scaleBySignum.ts'\nexport { signum } from './optim/alias.ts'\n",
      ],
    ],
    'spec/catalogue/transformations.ts': [
      [
        'const table: Readonly<Record<string, Entry>> = {',
        `
  scaleBySignum: entry(
    scaleBySignum(0.9),
    [[down(scaleBySignum(0)), [[0.9, -1.9], [1, -2], [0.9, -1.9]]]],
    [
      [() => scaleBySignum(1), /^scaleBySignum: expected decay from 0 up to 1, got 1 \\[out-of-range\\]$/],
      [() => scaleBySignum(-1), /expected decay from 0 up to 1, got -1/],
    ],
    { degree: 0, rough: true },
  ),
  signum: entry(
    signum(0.1),
    [[signum(0.1, 0), [[0.9, -1.9], [1, -2], [0.9, -1.9]]]],
    rate(signum, 'signum'),
    { degree: 0, rough: true },
    [signum((n) => 0.2 * 0.95 ** n), 100],
  ),`,
      ],
      ['', "import { scaleBySignum, signum } from 'pullback'\n"],
    ],
    'spec/support/optimizers.ts': [
      [
        'export const optimizers: Readonly<Record<string, AnyOptimizer>> = {',
        '\n  scaleBySignum: down(scaleBySignum(0.9)),\n  signum: any(signum(0.1)),',
      ],
      ['', "import { scaleBySignum, signum } from 'pullback'\n"],
    ],
  },
}

const initializer: Recipe = {
  heading: 'An initializer',
  names: { name: 'signs' },
  changes: {
    'lib/initializer/signs.ts': `
import { scale, shift } from '../op/elementwise/scale.ts'
import { bernoulli } from '../random/draw.ts'
import { fansOf } from './fans.ts'
import type { Initializer } from './initializer.ts'

/**
 * 1/√in or −1/√in, one as likely as the other.
 *
 * @example
 * import { init, initializer, key, linear, toArray } from 'pullback'
 * toArray(init(linear(4, 1, { W: initializer.signs }), key(0)).params.W).map(Math.abs) // => [0.5, 0.5, 0.5, 0.5]
 */
export const signs: Initializer = (key, shape, dtype) =>
  scale(shift(bernoulli(key, 0.5, shape, dtype), -0.5), 2 / Math.sqrt(Math.max(1, fansOf('signs', shape).in)))
`,
    'lib/initializer/index.ts': [['', "export { signs } from './signs.ts'\n"]],
    'spec/catalogue/initializers.ts': [
      [
        'const laws: Readonly<Record<string, Law>> = {',
        `
  signs: {
    draw: initializer.signs,
    variance: (fans) => 1 / fans.in,
    kurtosis: 1,
    bound: (fans) => 1 / Math.sqrt(fans.in),
    matrix: true,
  },`,
      ],
    ],
  },
}

export const recipes: readonly Recipe[] = [elementwise, activation, layer, loss, optimizer, initializer]
