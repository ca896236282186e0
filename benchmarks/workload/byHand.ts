// A perceptron whose forward and backward are coupled by hand, on the kernels themselves: the yardstick for composed
// layers.
import { type Tree, toTypedArray, tree } from 'pullback'
import { engine } from '../../lib/kernel/current.ts'
import { type Data, dtypeOfData } from '../../lib/tensor/data.ts'
import { stridesOf } from '../../lib/tensor/shape.ts'
import { type Raw, raw } from '../../lib/tensor/view.ts'
import type { Numbers, Step, Workload } from './workload.ts'

const view = (data: Data, ...shape: readonly number[]): Raw => ({
  buffer: data,
  shape,
  stride: stridesOf(shape),
  offset: 0,
  size: data.length,
  dtype: dtypeOfData(data),
})

const like = (data: Data, { shape }: Raw): Raw => view(data, ...shape)

const transposed = (m: Raw): Raw => ({ ...m, shape: [...m.shape].reverse(), stride: [...m.stride].reverse() })

interface Dense {
  readonly W: Raw
  readonly b: Raw
}

/** The mean cross entropy of some scores, and its gradient. */
const crossEntropy = (z: Raw, labels: Raw): readonly [number, Raw] => {
  const [k, n, classes] = [engine(), z.shape[0] as number, z.shape[1] as number]
  const right = view(k.pick(z, labels), n)
  const losses = view(k.zip('sub', view(k.logSumExp(z), n), right), n)
  const loss = (k.sum(losses, 0)[0] as number) / n
  const ones = like(right.buffer.map(() => 1) as Data, right)
  const excess = k.zip('sub', like(k.rows('softmax', z), z), view(k.place(ones, labels, classes), n, classes))
  return [loss, like(k.map('scale', like(excess, z), 1 / n), z)]
}

const descend = (parameter: Raw, gradient: Data, rate: number): Raw =>
  like(engine().zip('addScaled', parameter, like(gradient, parameter), -rate), parameter)

const step = (layers: readonly Dense[], x: Raw, labels: Raw, rate: number): readonly [number, readonly Dense[]] => {
  const k = engine()
  const last = layers.length - 1
  const values = [x]
  for (const [i, { W, b }] of layers.entries()) {
    const h = values[i] as Raw
    const z = view(k.affine(h, W, b), h.shape[0] as number, b.size)
    values.push(i < last ? like(k.map('relu', z), z) : z)
  }
  const [loss, dz] = crossEntropy(values[last + 1] as Raw, labels)
  const next: Dense[] = []
  for (let i = last, d = dz; i >= 0; i--) {
    const [{ W, b }, h] = [layers[i] as Dense, values[i] as Raw]
    const turned = transposed(d)
    next.unshift({ W: descend(W, k.matmul(turned, h), rate), b: descend(b, k.sum(turned, 1), rate) })
    if (i > 0) d = like(k.zip('maskAbove', like(k.matmul(d, W), h), h), h)
  }
  return [loss, next]
}

/** Training as `beginning` has it, without layers. */
export const beginningByHand = ({ learningRate }: Workload, { params, input, target }: Numbers): (() => Step) => {
  const first = Object.values(params as Readonly<Record<string, Tree>>).map((layer): Dense => {
    const at = Object.fromEntries(tree.entries(layer).map(([path, t]) => [path.join('.'), t]))
    const own = (name: string): Raw => {
      const t = at[name]
      if (t === undefined) throw new Error(`a dense layer has W and b, not ${Object.keys(at).join(', ')}`)
      return view(toTypedArray(t), ...t.shape)
    }
    return { W: own('W'), b: own('b') }
  })
  return () => {
    let layers: readonly Dense[] = first
    return () => {
      const [loss, next] = engine().scope((keep) => {
        const [value, after] = step(layers, raw(input), raw(target), learningRate)
        return [value, after.map(({ W, b }) => ({ W: like(keep(W), W), b: like(keep(b), b) }))] as const
      })
      layers = next
      return loss
    }
  }
}
