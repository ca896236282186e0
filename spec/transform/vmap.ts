import {
  type AnyTensor,
  compose,
  conv2d,
  type Diff,
  flatten,
  fromNested,
  grad,
  hvp,
  init,
  item,
  jvp,
  key,
  lift,
  linear,
  maxPool2d,
  multiclassHinge,
  named,
  oneHot,
  op,
  random,
  relu,
  type Scalar,
  ShapeError,
  StructureError,
  softmaxCrossEntropy,
  type Tensor,
  TracedError,
  tanh,
  toArray,
  toNested,
  tree,
  vjp,
  vmap,
} from 'pullback'
import t from 'tap'
import { closeTrees, sameTree } from '../law/diff.ts'

const normal = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape, 'float64')
const scalar = (x: number): Scalar => fromNested(x, 'float64')
type F = (x: Scalar) => Scalar
const xs: Tensor<readonly [3]> = fromNested([0.3, -0.7, 1.1], 'float64')
const total = (y: Tensor): Scalar => op.sum(y)
const close = (a: Tensor, b: readonly number[]): boolean =>
  toArray(a).every((x, i) => Math.abs(x - (b[i] as number)) < 1e-12)

t.test('tensors that are the same for all examples', async (t) => {
  const w = normal(1, 2)
  const both = vmap((x: Scalar) => ({ x, w, y: op.scale(w, 2) }))(xs)
  t.same([both.x.shape, both.w.shape, both.y.shape], [[3], [3, 2], [3, 2]])
  t.same(toNested(both.w), [toArray(w), toArray(w), toArray(w)])
  t.same(toArray(vmap((_: Scalar) => scalar(5))(xs)), [5, 5, 5])
  const d = grad((v: Tensor) => total(vmap((_: Scalar) => v)(xs)))(w)
  t.same(toArray(d), [3, 3], 'its derivative is the sum over the examples')
})

t.test('labels and indices', async (t) => {
  const batch = { x: normal(1, 4, 3), y: fromNested([2, 0, 1, 1], 'int32') }
  type One = { readonly x: Tensor; readonly y: Tensor<readonly [], 'int32'> }
  const out = vmap(({ x, y }: One) => ({ score: op.pick(x, y), y, one: oneHot(y, 3, 'float64') }))(batch)
  t.ok(sameTree(out.score, op.pick(batch.x, batch.y)))
  t.same([toArray(out.y), out.y.dtype], [[2, 0, 1, 1], 'int32'])
  t.ok(sameTree(out.one, oneHot(batch.y, 3, 'float64')))
  t.throws(
    () => vmap(({ x, y }: One) => op.pick(x, y))({ ...batch, y: fromNested([0, 3, 0, 0], 'int32') }),
    /labels from 0 to 2, got 3/,
  )
  t.throws(() => vmap((y: One['y']) => oneHot(y, 2))(batch.y), /oneHot: expected labels from 0 to 1, got 2/)
  t.throws(() => vmap(({ x, y }: One) => op.gather(x, y))({ ...batch, y: fromNested([0, 3, 0, 0], 'int32') }), /got 3/)
})

t.test('numbers cannot be read', async (t) => {
  t.throws(() => vmap((x: Scalar) => op.scale(x, item(x)))(xs), {
    name: 'TracedError',
    message:
      'item: expected a tensor with its numbers, got a mapped one; within vmap, which runs its function once for all examples, use operations only, and read the numbers of the result',
  })
  for (const read of [(x: Scalar) => x.get(), (x: Scalar) => x.stride, (x: Scalar) => x.offset])
    t.throws(() => vmap((x: Scalar) => read(x) as unknown as Scalar)(xs), TracedError)
  vmap((x: Tensor) => {
    t.same([x.shape, x.size, x.dimension, x.dtype], [[2], 2, 1, 'float64'])
    t.match(op.exp(x), { boxed: 'mapped' })
    return x
  })(normal(1, 3, 2))
})

t.test('errors', async (t) => {
  t.throws(() => vmap((a: { readonly x: Scalar; readonly y: Scalar }) => a.x)({ x: xs, y: normal(1, 4) as never }), {
    message: 'vmap at y: expected 3 examples in front, as x has, got [4]',
  })
  t.throws(() => vmap((x: Scalar) => x)(scalar(1) as never), {
    message:
      'vmap: expected an axis of examples in front of each tensor, got []; close over tensors that are the same for all examples',
  })
  t.throws(
    () => vmap((a: { readonly x: Scalar; readonly y: Scalar }) => a.x)({ x: xs, y: scalar(1) as never }),
    ShapeError,
  )
  t.throws(() => vmap((_: object) => xs)({} as never), /vmap: expected at least one tensor/)
  t.throws(() => vmap((_: Scalar) => 3 as never)(xs), {
    message: 'the function given to vmap: expected a tensor, or a record or an array of them, got 3',
  })
  t.throws(() => vmap((x: Scalar) => x)(3 as never), StructureError)
  const [a, b] = [normal(1, 5, 3), normal(2, 5, 4)]
  t.throws(() => vmap(({ a, b }: { readonly a: Tensor; readonly b: Tensor }) => op.add(a, b))({ a, b }), {
    message: /^add at vmap over 5 examples: expected two tensors of one shape, the first is \[5, 3\], got \[5, 4\]/,
  })
  t.throws(
    () =>
      vmap(({ a, b }: { readonly a: Tensor; readonly b: Tensor }) => op.matmul(a, b))({
        a: normal(1, 3, 3),
        b: normal(1, 3, 3),
      }),
    /matmul at vmap over 3 examples: expected at least 2 axes, got \[3\]/,
    'what is no product of one example is none of all of them',
  )
  let leaked: Scalar | undefined
  t.throws(
    () =>
      vmap((x: Scalar) => {
        vmap((y: Scalar) => {
          leaked = op.mul(x, y)
          return y
        })(xs)
        return leaked as Scalar
      })(xs),
    /vmap: expected a result made of this vmap’s own values, got one that has leaked out of an inner vmap; let the inner function return it/,
  )
  const mixed: F = (x) => {
    vmap((y: Scalar) => {
      leaked = op.mul(x, y)
      return y
    })(xs)
    return leaked as Scalar
  }
  t.throws(() => grad(mixed)(scalar(1)), /vjp: expected a result made of this derivative’s own values/)
})

const f: F = (x) => op.mul(op.exp(x), op.mul(x, x))
const value = (x: number) => Math.exp(x) * x * x
const slope = (x: number) => Math.exp(x) * (x * x + 2 * x)
const bend = (x: number) => Math.exp(x) * (x * x + 4 * x + 2)

t.test('nests with derivatives in any order', async (t) => {
  const at = toArray(xs)
  t.ok(close(vmap(f)(xs), at.map(value)))
  t.ok(close(vmap(grad(f))(xs), at.map(slope)), 'vmap of grad')
  t.ok(close(vmap(grad(grad(f)))(xs), at.map(bend)), 'vmap of grad of grad')
  t.ok(close(grad((x: Tensor<readonly [3]>) => total(vmap(f)(x)))(xs), at.map(slope)), 'grad of vmap')
  t.ok(close(grad((x: Tensor<readonly [3]>) => total(vmap(grad(f))(x)))(xs), at.map(bend)), 'grad of vmap of grad')
  const sums = (x: Tensor<readonly [3]>) => total(vmap(f)(x))
  t.ok(close(vmap(grad(sums))(op.reshape(xs, [1, 3])), at.map(slope)), 'vmap of grad of vmap')
  t.ok(close(grad((x: Tensor<readonly [3]>) => total(grad(sums)(x)))(xs), at.map(bend)), 'grad of grad of vmap')
  const ones = fromNested([1, 1, 1], 'float64')
  t.ok(close(jvp(vmap(f))(xs, ones)[1], at.map(slope)), 'jvp of vmap')
  t.ok(close(vmap((x: Scalar) => jvp(f)(x, scalar(1))[1])(xs), at.map(slope)), 'vmap of jvp')
  t.ok(close(hvp(sums)(xs, ones), at.map(bend)), 'hvp of vmap')
  t.ok(close(vmap((x: Scalar) => hvp(f)(x, scalar(1)))(xs), at.map(bend)), 'vmap of hvp')
  const table = vmap((x: Scalar) => vmap((y: Scalar) => op.mul(f(x), y))(xs))(xs)
  t.ok(closeTrees(table, op.matmul(op.reshape(vmap(f)(xs), [3, 1]), op.reshape(xs, [1, 3]))), 'vmap within vmap')
  t.ok(sameTree(vmap(vmap(f))(op.reshape(xs, [1, 3])), op.reshape(vmap(f)(xs), [1, 3])), 'vmap of vmap')
})

t.test('perturbations are not confused', async (t) => {
  const one = scalar(1)
  const throughVjp: F = (x) => op.mul(x, grad((y: Scalar) => op.add(x, y))(one))
  const throughVmap: F = (x) => op.mul(x, op.sum(vmap(grad((y: Scalar) => op.add(x, y)))(fromNested([1], 'float64'))))
  const lifted = lift<Scalar, Scalar>((z) => [op.scale(z, 1), (d) => d])
  const throughLift: F = (x) => op.mul(x, grad((y: Scalar) => lifted(op.add(x, y)))(one))
  for (const g of [throughVjp, throughVmap, throughLift]) {
    t.equal(item(grad(g)(one)), 1)
    t.equal(item(jvp(g)(one, one)[1]), 1)
    t.same(toArray(vmap(grad(g))(xs)), [1, 1, 1])
    t.equal(
      item(grad((x: Scalar) => total(vmap((y: Scalar) => g(op.mul(x, y)))(xs)))(one)).toFixed(12),
      (0.7).toFixed(12),
    )
  }
  const shared: F = (x) => total(vmap((y: Scalar) => grad((z: Scalar) => op.mul(x, op.mul(y, z)))(y))(xs))
  t.ok(close(op.reshape(grad(shared)(one), [1]), [0.7]), 'd/dx Σ d/dz x y z = Σ y')
})

t.test('a lifted Diff keeps its own pullback', async (t) => {
  let calls = 0
  const cube: Diff<Scalar, Scalar> = (x) => [
    op.mul(x, op.mul(x, x)),
    (d) => {
      calls++
      return op.scale(d, 100) // not its derivative, so that it can be told
    },
  ]
  const g = lift(cube)
  const at = toArray(xs)
  t.ok(
    close(
      vmap(g)(xs),
      at.map((x) => x ** 3),
    ),
  )
  t.equal(calls, 0)
  t.same(toArray(grad((x: Tensor<readonly [3]>) => total(vmap(g)(x)))(xs)), [100, 100, 100])
  t.equal(calls, 1, 'it runs once for all examples')
  t.same(toArray(vmap(grad(g))(xs)), [100, 100, 100])
  t.same(
    toArray(grad((x: Tensor<readonly [2, 3]>) => total(vmap(vmap(g))(x)))(normal(1, 2, 3) as Tensor<readonly [2, 3]>)),
    [100, 100, 100, 100, 100, 100],
  )
})

t.test('a lifted Diff with a part that is the same for all examples', async (t) => {
  type At = { readonly w: Tensor; readonly n: Tensor<readonly [], 'int32'>; readonly x: Scalar }
  const plain = ({ w, x }: At) => ({ y: op.mul(w, op.broadcast(op.exp(x), w.shape)), same: op.scale(w, 2) })
  const lifted = lift(vjp(plain))
  const n = fromNested(1, 'int32')
  const of = (g: typeof plain) => (a: { readonly w: Tensor; readonly xs: Tensor<readonly [3]> }) =>
    vmap((x: Scalar) => g({ w: a.w, n, x }))(a.xs)
  const a = { w: normal(1, 2), xs }
  const d = { y: normal(2, 3, 2), same: normal(3, 3, 2) }
  t.ok(sameTree(of(lifted)(a), of(plain)(a)))
  t.ok(closeTrees(vjp(of(lifted))(a)[1](d), vjp(of(plain))(a)[1](d)), 'cotangents')
  const da = { w: normal(4, 2), xs: normal(5, 3) as Tensor<readonly [3]> }
  const back = (g: typeof plain) => (e: typeof d) => vjp(of(g))(a)[1](e)
  t.ok(closeTrees(jvp(back(lifted))(d, d)[1], jvp(back(plain))(d, d)[1]))
  const slopes = (g: typeof plain) => (b: typeof a) => vjp(of(g))(b)[1](d)
  t.ok(closeTrees(jvp(slopes(lifted))(a, da)[1], jvp(slopes(plain))(a, da)[1]), 'second derivatives')
  const wrong = lift<At, Tensor>((at) => [plain(at).y, () => ({ ...at, w: scalar(1) })], 'mine')
  t.throws(
    () => vjp((w: Tensor) => vmap((x: Scalar) => wrong({ w, n, x }))(xs))(a.w)[1](d.y),
    /pullback of mine at w: expected a cotangent \[2\], as the argument, got \[\]/,
  )
})

t.test('a lifted Diff with a part that only the outer of two mappings maps', async (t) => {
  type At = { readonly a: Scalar; readonly b: Scalar }
  const plain = ({ a, b }: At): Scalar => op.mul(op.exp(a), op.mul(b, b))
  const lifted = lift(vjp(plain))
  const [as, bs] = [fromNested([0.1, 0.2], 'float64'), fromNested([1, 2, 3], 'float64')]
  const grid = (g: typeof plain) => (x: Tensor<readonly [2]>, y: Tensor<readonly [3]>) =>
    vmap((a: Scalar) => vmap((b: Scalar) => g({ a, b }))(y))(x)
  const said = [0.1, 0.2].flatMap((a) => [1, 2, 3].map((b) => Math.exp(a) * b * b))
  const near = (found: Tensor, right: readonly number[]) =>
    toArray(found).every((v, i) => Math.abs(v - (right[i] as number)) < 1e-12)
  t.ok(near(grid(lifted)(as, bs), said), 'values')
  t.same(grid(lifted)(as, bs).shape, [2, 3])
  const slopes = (g: typeof plain) =>
    vjp(({ x, y }: { x: typeof as; y: typeof bs }) => op.sum(grid(g)(x, y)))({ x: as, y: bs })[1](scalar(1))
  t.ok(near(slopes(lifted).x, [14 * Math.exp(0.1), 14 * Math.exp(0.2)]), 'the slope of what the outer maps')
  const both = Math.exp(0.1) + Math.exp(0.2)
  t.ok(near(slopes(lifted).y, [2 * both, 4 * both, 6 * both]), 'and of what the inner maps')
  const inner = vmap((a: Scalar) => vmap((b: Scalar) => vjp(lifted)({ a, b })[1](scalar(1)))(bs))(as)
  t.ok(near(inner.a, said), 'its pullback within both')
  t.ok(
    near(
      inner.b,
      [0.1, 0.2].flatMap((a) => [1, 2, 3].map((b) => 2 * Math.exp(a) * b)),
    ),
  )
})

t.test('layers and losses within', async (t) => {
  const net = compose(
    named('C', conv2d(1, 2, { kernel: 3, padding: 1 })),
    relu,
    maxPool2d(2),
    flatten,
    named('L1', linear(8, 4)),
    tanh,
    named('L2', linear(4, 3)),
  )
  const { params } = init(net, key(0), { dtype: 'float64' })
  const images = normal(1, 5, 4, 4, 1) as Tensor<readonly [5, 4, 4, 1]>
  const labels = fromNested([2, 0, 1, 1, 2], 'int32')
  const scores = (p: typeof params, x: Tensor<readonly [4, 4, 1]>) =>
    net.apply(p, {}, { mode: 'eval' }, op.reshape(x, [1, 4, 4, 1])).value as Tensor<readonly [1, 3]>
  const all = net.apply(params, {}, { mode: 'eval' }, images).value
  t.ok(closeTrees(vmap((x: Tensor<readonly [4, 4, 1]>) => scores(params, x))(images), op.reshape(all, [5, 1, 3])))
  for (const loss of [softmaxCrossEntropy, multiclassHinge]) {
    type One = { readonly x: Tensor<readonly [4, 4, 1]>; readonly y: Tensor<readonly [], 'int32'> }
    const one = (p: typeof params, { x, y }: One) => loss(op.reshape(y, [1]))(scores(p, x))[0]
    const batched = (p: typeof params) => loss(labels)(net.apply(p, {}, { mode: 'eval' }, images).value)[0]
    const mean = (p: typeof params) => op.mean(vmap((a: One) => one(p, a))({ x: images, y: labels }))
    t.ok(closeTrees(mean(params), batched(params)), 'value')
    t.ok(closeTrees(grad(mean)(params), grad(batched)(params)), 'gradient of the mean')
    const each = vmap((a: One) => grad((p: typeof params) => one(p, a))(params))({ x: images, y: labels })
    t.ok(
      closeTrees(tree.map(each, (g) => op.mean(g as Tensor, 0) as AnyTensor) as never, grad(batched)(params)),
      'mean of the gradients',
    )
    const v = tree.map(params, (p) => op.scale(p as Tensor, 0.1)) as typeof params
    t.ok(closeTrees(hvp(mean)(params, v), hvp(batched)(params, v), 1e-10), 'second derivative')
  }
})
