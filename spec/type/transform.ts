import {
  type Batched,
  checkpoint,
  customVjp,
  grad,
  hessian,
  jacobian,
  linearize,
  op,
  perExampleGrad,
  type Scalar,
  type stopGradient,
  type Tensor,
  type Tree,
  vmap,
} from 'pullback'
import { type Equal, yes } from './equal.ts'

type V2 = Tensor<readonly [2]>
type V3 = Tensor<readonly [3]>
type Label = Tensor<readonly [], 'int32'>
type Params = { readonly W: Tensor<readonly [2, 3]>; readonly b: readonly [V2] }
declare const f: (x: V3) => V2
declare const rows: Tensor<readonly [5, 3]>
declare const many: Tensor<readonly [number, 3]>
declare const x: V3
declare const params: Params
declare const five: Tensor<readonly [5], 'int32'>
declare const six: Tensor<readonly [6], 'int32'>

// vmap
const mapped = vmap(f)(rows)
yes<Equal<typeof mapped, Tensor<readonly [5, 2]>>>()
const ofSome = vmap(f)(many)
yes<Equal<typeof ofSome, Tensor<readonly [number, 2]>>>()
const g = ({ a, y }: { readonly a: V3; readonly y: Label }) => ({ s: op.sum(a), pair: [a, y] as const })
const trees = vmap(g)({ a: rows, y: five })
type Trees = {
  readonly s: Tensor<readonly [5]>
  readonly pair: readonly [Tensor<readonly [5, 3]>, Tensor<readonly [5], 'int32'>]
}
yes<Equal<typeof trees, Trees>>()
const gradients = vmap(grad((v: V3) => op.sum(v)))(rows)
yes<Equal<typeof gradients, Tensor<readonly [5, 3]>>>()
const nested = vmap(vmap((v: Scalar) => op.exp(v)))(rows)
yes<Equal<typeof nested, Tensor<readonly [5, number]>>>()
const inner = vmap((row: V3) => vmap((v: Scalar) => op.exp(v))(row))(rows)
yes<Equal<typeof inner, Tensor<readonly [5, 3]>>>()
const anything = vmap((v: Tensor) => op.exp(v))(rows)
yes<Equal<typeof anything, Tensor>>()
const anyTree = vmap((v: Tree) => v)(rows)
yes<Equal<typeof anyTree, Tree>>()
yes<Equal<Batched<Params, 4>['b'], readonly [Tensor<readonly [4, 2]>]>>()
const differ = vmap(g)({ a: rows, y: six })
yes<Equal<typeof differ, 'the numbers of examples differ'>>()
// @ts-expect-error an example is a V3, not of another size
vmap(f)(mapped)
// @ts-expect-error the axis of examples is missing
vmap(f)(x)
// @ts-expect-error a label is int32
vmap(g)({ a: rows, y: op.sum(rows, 1) })
// @ts-expect-error a tensor is missing
vmap(g)({ a: rows })
// @ts-expect-error a function gives tensors
vmap((_: V3) => 3)

// jacobian, hessian
const J = jacobian(f)(x)
yes<Equal<typeof J, Tensor<readonly [2, 3]>>>()
const ofRecord = jacobian(({ W, b: [b] }: Params) => ({ y: op.sum(W), z: b }))(params)
yes<Equal<(typeof ofRecord)['y'], Params>>()
yes<Equal<(typeof ofRecord)['z']['W'], Tensor<readonly [2, 2, 3]>>>()
yes<Equal<(typeof ofRecord)['z']['b'], readonly [Tensor<readonly [2, 2]>]>>()
const twice = jacobian(jacobian(f))(x)
yes<Equal<typeof twice, Tensor<readonly [2, 3, 3]>>>()
const H = hessian((v: V3) => op.sum(v))(x)
yes<Equal<typeof H, Tensor<readonly [3, 3]>>>()
const HP = hessian(({ W }: Params): Scalar => op.sum(W))(params)
yes<Equal<(typeof HP)['b'][0]['W'], Tensor<readonly [2, 2, 3]>>>()
const each = vmap(jacobian(f))(rows)
yes<Equal<typeof each, Tensor<readonly [5, 2, 3]>>>()
// @ts-expect-error a Hessian is of a function to a scalar
hessian(f)
// @ts-expect-error the argument has another shape
jacobian(f)(rows)

// linearize
const [y, push] = linearize(f)(x)
yes<Equal<typeof y, V2>>()
yes<Equal<typeof push, (da: V3) => V2>>()
// @ts-expect-error a direction has the shape of the argument
push(y)

// perExampleGrad
type Minibatch = { readonly x: Tensor<readonly [number, 3]>; readonly y: Tensor<readonly [number], 'int32'> }
declare const loss: (params: Params, minibatch: Minibatch) => Scalar
const perExample = perExampleGrad(loss)(params, { x: rows, y: five })
yes<Equal<(typeof perExample)['W'], Tensor<readonly [5, 2, 3]>>>()
yes<Equal<(typeof perExample)['b'], readonly [Tensor<readonly [5, 2]>]>>()
const ofAny = perExampleGrad(loss)(params, { x: many, y: five } as Minibatch)
yes<Equal<(typeof ofAny)['W'], Tensor<readonly [number, 2, 3]>>>()
const sizes = perExampleGrad(loss)(params, { x: rows, y: six })
yes<Equal<typeof sizes, 'the numbers of examples differ'>>()
// @ts-expect-error a loss is one number
perExampleGrad((_: Params, m: Minibatch) => m.x)
// @ts-expect-error the labels are missing
perExampleGrad(loss)(params, { x: rows })

// stopGradient, customVjp, checkpoint
yes<Equal<ReturnType<typeof stopGradient<Params>>, Params>>()
const custom = customVjp(f, (value, a) => (db) => {
  yes<Equal<typeof value, V2>>()
  yes<Equal<typeof a, V3>>()
  yes<Equal<typeof db, V2>>()
  return a
})
yes<Equal<typeof custom, (a: V3) => V2>>()
// @ts-expect-error a cotangent of the argument has its shape
customVjp(f, (value) => () => value)
const again = checkpoint(f)
yes<Equal<typeof again, (a: V3) => V2>>()
// @ts-expect-error labels have no gradient to go down
grad((v: V3) => op.argmax(v))
