// Every nesting of every way to take a derivative, three deep, against the closed form.
import {
  checkpoint,
  customVjp,
  fromNested,
  grad,
  hvp,
  item,
  jacobian,
  jvp,
  lift,
  linearize,
  op,
  perExampleGrad,
  type Scalar,
  type Tensor,
  toArray,
  vjp,
  vmap,
} from 'pullback'
import t from 'tap'

type F = (x: Scalar) => Scalar
const scalar = (x: number): Scalar => fromNested(x, 'float64')
const one = scalar(1)
const alone = (x: Scalar): Tensor<readonly [1]> => op.reshape(x, [1])
const total = (x: Tensor<readonly [number]>): Scalar => op.sum(x)

const ways: { readonly [name: string]: (f: F) => F } = {
  grad: (f) => grad(f),
  jvp: (f) => (x) => jvp(f)(x, one)[1],
  linearize: (f) => (x) => linearize(f)(x)[1](one),
  jacobian: (f) => jacobian(f),
  'vmap of grad': (f) => (x) => total(vmap(grad(f))(alone(x))),
  'grad of vmap': (f) => (x) => total(grad((y: Tensor<readonly [1]>) => total(vmap(f)(y)))(alone(x))),
  'jvp of vmap': (f) => (x) => total(jvp(vmap(f))(alone(x), alone(one))[1]),
  'vmap over what is closed over': (f) => (x) => total(vmap((y: Scalar) => op.mul(y, grad(f)(x)))(alone(one))),
  'a perturbation of its own': (f) => (x) =>
    op.div(op.add(grad((y: Scalar) => op.sub(f(op.mul(x, y)), op.mul(y, x)))(one), x), x), // (x f′(x) − x + x) / x
  'lift of vjp': (f) => grad(lift(vjp(f))),
  'mapped lift of vjp': (f) => (x) => total(grad((y: Tensor<readonly [1]>) => total(vmap(lift(vjp(f)))(y)))(alone(x))),
  customVjp: (f) => grad(customVjp(f, (_, x) => (d) => op.mul(d, grad(f)(x)))),
  checkpoint: (f) => grad(checkpoint(f)),
  perExampleGrad: (f) => (x) =>
    total(perExampleGrad((p: Scalar, y: Tensor<readonly [number]>) => op.mul(f(p), op.sum(y)))(x, alone(one))),
}
// f(x) = x² eˣ, whose nth derivative is (x² + 2n x + n (n − 1)) eˣ
const f: F = (x) => op.mul(op.mul(x, x), op.exp(x))
const derivative = (n: number) => (x: number) => (x * x + 2 * n * x + n * (n - 1)) * Math.exp(x)
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-10 * Math.abs(b)

const at = [0.7, -0.4]
const xs = fromNested([0.7, -0.4], 'float64')
t.test('each transformation alone, and mapped', async (t) => {
  for (const [name, way] of Object.entries(ways)) {
    t.ok(close(item(way(f)(scalar(0.7))), derivative(1)(0.7)), name)
    t.ok(
      toArray(vmap(way(f))(xs)).every((v, i) => close(v, derivative(1)(at[i] as number))),
      `${name}, mapped`,
    )
  }
})

for (const [outer, first] of Object.entries(ways))
  t.test(`${outer} of`, async (t) => {
    for (const [middle, second] of Object.entries(ways)) {
      t.ok(close(item(first(second(f))(scalar(0.7))), derivative(2)(0.7)), middle)
      const wrong = Object.entries(ways).filter(
        ([, third]) =>
          !toArray(vmap(first(second(third(f))))(xs)).every((v, i) => close(v, derivative(3)(at[i] as number))),
      )
      t.same(
        wrong.map(([inner]) => inner),
        [],
        `${middle} of any`,
      )
    }
  })

t.test('a Hessian times a vector through a map', async (t) => {
  const sum = (y: Tensor<readonly [2]>): Scalar => op.sum(vmap(f)(y))
  t.ok(toArray(hvp(sum)(xs, fromNested([1, 1], 'float64'))).every((v, i) => close(v, derivative(2)(at[i] as number))))
})
