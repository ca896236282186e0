// Derivatives of networks: linear, transposed to the forward ones, as inferred, and of second order.
import {
  type Diff,
  getVectorSpace,
  hvp,
  jvp,
  key,
  op,
  random,
  type Scalar,
  type Tensor,
  type Tree,
  tree,
  vjp,
} from 'pullback'
import { networks } from '../arbitrary/network.ts'
import type { Network } from '../arbitrary/piece.ts'
import { sameTree } from '../law/diff.ts'
import { training } from '../law/layer.ts'
import { law, near, normal, numbersFor } from '../law/network.ts'

type Argument = { readonly params: Tree; readonly input: Tensor }

/** A network as a differentiable function, with its own pullback, and where to look at it. */
const diffOf = (net: Network) => {
  const { params, state, x, dy } = numbersFor(net)
  const at: Argument = { params, input: x }
  const diff: Diff<Argument, Tensor> = ({ params, input }) => {
    const { value, pullback } = net.layer.apply(params, state, training, input)
    const back = (d: Tensor): Argument => {
      const both = pullback(d)
      return { params: both.params(), input: both.input() as Tensor }
    }
    return [value as Tensor, back]
  }
  const forward = (a: Argument): Tensor => diff(a)[0]
  /** The gradient of ⟨dy, forward⟩. */
  const gradient = (a: Argument): Argument => diff(a)[1](dy)
  return { at, dy, diff, forward, gradient, V: getVectorSpace(at), W: getVectorSpace(dy) }
}

/** A direction of the parameters and the input. */
const direction = (at: Argument, seed: number): Argument => {
  let i = 0
  return tree.map(at, (t) => random.normal(random.foldIn(key(seed), i++), t.shape, 'float64'))
}

/** Whether two inner products of these vectors agree, to what rounding and differences leave of their size. */
const agree = (a: number, b: number, tolerance: number, ...vectors: readonly Argument[]): boolean => {
  const size = vectors.reduce((product, v) => product * Math.sqrt(getVectorSpace(v).dot(v, v)), 1)
  return Math.abs(a - b) <= tolerance * Math.max(1e-3, size)
}

law('a layer’s own pullback is what is inferred from its forward', networks(), (net) => {
  const { at, dy, forward, gradient } = diffOf(net)
  return near(gradient(at), vjp(forward)(at)[1](dy))
})

law('a pullback is linear, and gives the same twice', networks(), (net) => {
  const { at, dy, diff, V, W } = diffOf(net)
  const [, back] = diff(at)
  const e = normal(5, 2, net.output)
  const together = back(W.concat(W.scale(2, dy), e))
  return near(together, V.concat(V.scale(2, back(dy)), back(e))) && sameTree(back(dy), back(dy))
})

law('a pullback is the derivative transposed: ⟨dy, J da⟩ = ⟨Jᵀ dy, da⟩', networks(), (net) => {
  const { at, dy, forward, gradient, V, W } = diffOf(net)
  const da = direction(at, 4)
  const found = gradient(at)
  return agree(W.dot(dy, jvp(forward)(at, da)[1]), V.dot(found, da), 1e-10, found, da)
})

law('a pullback agrees with the difference quotient', networks({ smooth: true }), (net) => {
  const { at, dy, forward, gradient, V, W } = diffOf(net)
  const da = direction(at, 4)
  const h = 1e-5
  const away = (k: number): number => W.dot(dy, forward(V.concat(at, V.scale(k, da))))
  const found = gradient(at)
  return agree((away(h) - away(-h)) / (2 * h), V.dot(found, da), 1e-4, found, da)
})

law(
  'the Hessian is symmetric, ⟨u, H v⟩ = ⟨v, H u⟩, by either pullback',
  networks(),
  (net) => {
    const { at, dy, forward, gradient, V } = diffOf(net)
    const [u, v] = [direction(at, 4), direction(at, 5)]
    const inferred = hvp((a: Argument) => op.sum(op.mul(forward(a), dy)) as Scalar)(at, v)
    const own = jvp(gradient)(at, v)[1]
    return near(own, inferred) && agree(V.dot(u, own), V.dot(v, jvp(gradient)(at, u)[1]), 1e-10, u, own)
  },
  200,
)

law(
  'the Hessian agrees with the difference quotient of the gradient',
  networks({ smooth: true }),
  (net) => {
    const { at, gradient, V } = diffOf(net)
    const v = direction(at, 5)
    const h = 1e-4
    const away = (k: number): Argument => gradient(V.concat(at, V.scale(k, v)))
    return near(jvp(gradient)(at, v)[1], V.scale(1 / (2 * h), V.concat(away(h), V.inverse(away(-h)))), 1e-4)
  },
  200,
)
