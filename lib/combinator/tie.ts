import { ShapeError, StructureError } from '../error/tensorError.ts'
import { checkLayer } from '../layer/checkLayer.ts'
import type { AnyLayer, Layer } from '../layer/layer.ts'
import { joined, type Loose, type LooseApply, nested, own } from '../layer/records.ts'
import { shapes } from '../layer/variables.ts'
import { wrapper } from '../layer/wrapper.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import { at } from '../tree/lens.ts'
import type { At, Node } from '../tree/path.ts'
import { checkPath, type Without, without } from '../tree/select.ts'
import type { Tree } from '../tree/tree.ts'
import type { FitsShape, ShowShape } from '../type/shape.ts'
import type { SomeTensor, Tensor } from '../type/tensor.ts'

/** True if two parts may have the same names and shapes. */
type Alike<A, B> =
  A extends Tensor<infer R>
    ? B extends Tensor<infer S>
      ? FitsShape<R, S>
      : false
    : B extends SomeTensor
      ? false
      : [keyof A, keyof B] extends [keyof B, keyof A]
        ? false extends { [K in keyof A]: Alike<A[K], B[K & keyof B]> }[keyof A]
          ? false
          : true
        : false
type Shown<A> = A extends Tensor<infer S> ? ShowShape<S> : 'a record'
/** The name M if the parameters there may equal those at N; otherwise a sentence. */
export type Tied<P, N extends string, M extends string> = M extends N
  ? `'${M}' is the first name`
  : Alike<At<P, M>, At<P, N>> extends true
    ? M
    : `'${M}' is ${Shown<At<P, M>>}, but '${N}' is ${Shown<At<P, N>>}`

const part = (record: Loose, path: string): Loose => at<Tree>()(path as never).get(record)

/**
 * Ties the parameters at some dotted names to those at the first one, where they are kept and trained with the sum of
 * all their gradients; the other names disappear from the record. All must have the same names and shapes.
 *
 * @example
 * import { compose, count, linear, named, tanh, tie } from 'pullback'
 * const net = compose(named('a', linear(4, 4)), tanh, named('b', linear(4, 4)))
 * count(tie(net, 'a.W', 'b.W')) // => 24
 */
export const tie = <I, O, P, S, const N extends Node<P>, const Ms extends readonly Node<P>[]>(
  layer: Layer<I, O, P, S>,
  name: N,
  ...others: { readonly [K in keyof Ms]: Tied<P, N, Ms[K]> }
): Layer<I, O, Without<P, Ms[number]>, S> => tied(layer, name, others as readonly string[])

const tied = (layer: AnyLayer, name: string, others: readonly string[]): Loose => {
  checkLayer('tie', layer)
  const spec = layer.params as Tree
  for (const path of [name, ...others]) checkPath('tie', spec, path)
  if (others.length === 0)
    throw new StructureError({
      op: 'tie',
      expected: 'two names or more',
      actual: `'${name}' alone`,
      code: 'missing-name',
    })
  const wanted = shapes(part(spec, name))
  for (const other of others) {
    if (other === name)
      throw new StructureError({
        op: 'tie',
        expected: 'another name',
        actual: `'${name}' again`,
        code: 'duplicate-name',
      })
    const found = shapes(part(spec, other))
    if (found !== wanted)
      throw new ShapeError({ op: 'tie', expected: `${wanted}, as at '${name}'`, actual: `${found} at '${other}'` })
  }
  const kept = without(spec, ...(others as never[]))
  const run: LooseApply = layer.apply
  const apply: LooseApply = (params, state, context, x) => {
    const shared = part(params, name)
    const step = run(
      others.reduce((all, other) => joined(all, nested(other, shared)), own(kept, params)),
      state,
      context,
      x,
    )
    const pullback = (dy: Loose) => {
      const cotangents = step.pullback(dy)
      return {
        params: () => {
          const all = cotangents.params()
          const sum = others.reduce<Tree>((total, other) => addTrees(total, part(all, other)), part(all, name))
          const left = without(all as Tree, ...(others as never[])) as Tree
          return at<Tree>()(name as never).set(sum as never)(left)
        },
        input: cotangents.input,
      }
    }
    return { value: step.value, state: step.state, pullback }
  }
  return wrapper('tied', layer, apply, (other) => tied(other, name, others), {
    params: kept,
    kept: (path) => {
      const other = others.find((o) => `${path}.`.startsWith(`${o}.`))
      return other === undefined ? path : `${name}${path.slice(other.length)}`
    },
  })
}
