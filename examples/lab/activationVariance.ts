// How the variance of activations goes on from layer to layer, for each initializer. Where it dies out, so does what
// the network says of its input; where it grows, tanh is driven into its flat ends, and relu beyond all bounds. Where
// layers have as many outputs as inputs, as here, Glorot's initializers are LeCun's.
import {
  compose,
  initializer,
  initWith,
  item,
  key,
  linear,
  op,
  predict,
  relu,
  repeat,
  type Tensor,
  tanh,
} from 'pullback'
import type { Panel } from 'pullback/chart'
import { numbered } from '../support/curve.ts'
import { draws } from '../support/draws.ts'
import { initializers } from '../support/initializers.ts'
import { lab } from '../support/lab.ts'
import { type OptionValues, seed, size } from '../support/options.ts'

const activations = { tanh, relu }

const variance = (x: Tensor): number => {
  const apart = op.sub(x, op.broadcast(op.mean(x), x.shape))
  return item(op.mean(op.mul(apart, apart)))
}

const given = {
  layers: size(15, 'layers', 100),
  width: size(128, 'units in each'),
  examples: size(200, 'examples'),
  seed,
}

/**
 * For tanh and relu, and for each initializer, the variance over units and examples: of the input, and behind each
 * layer.
 */
export const activationVariance = ({ layers, width, examples, seed }: OptionValues<typeof given>) =>
  (['tanh', 'relu'] as const).map((f) => {
    const block = compose(linear(width, width), activations[f])
    const curves = Object.entries(initializers(f)).map(([name, W]) => {
      const rule = (path: string) => (path.endsWith('.W') ? W : initializer.zeros)
      const { params } = initWith(repeat(layers, block), key(seed), rule, { dtype: 'float64' })
      let x: Tensor<readonly [number, number]> = draws(seed).normal('input', [examples, width])
      const variances = [variance(x)]
      for (const own of Object.values(params)) {
        x = predict(block, { params: own, state: {} }, x)
        variances.push(variance(x))
      }
      return { name, variances }
    })
    return { f, curves }
  })

export const panels = (values: OptionValues<typeof given>): readonly Panel[] =>
  activationVariance(values).map(({ f, curves }) => ({
    title: f,
    x: { label: 'layer' },
    y: { label: 'variance of the activations', log: true, from: 1e-8, to: 1e4 },
    series: curves.map(({ name, variances }) => ({ name, points: numbered(variances) })),
  }))

await lab(import.meta.url, 'the variance of activations by depth, for each initializer', given, panels)
