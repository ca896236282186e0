import { checkLeak, nextId, outside } from '../diff/boxed.ts'
import type { Diff } from '../diff/diff.ts'
import { type Call, Traced, traced } from '../diff/trace.ts'
import { ShapeError, within } from '../error/tensorError.ts'
import { add } from '../op/add.ts'
import { zeros } from '../tensor/create.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { checkCotangent, leaves, mapTree, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'

const zerosLike = (t: AnyTensor): AnyTensor => zeros(t.shape, t.dtype)

/** A tree of zeros of the same structure. */
export const zerosOf = <T extends Tree>(tree: T): T => mapTree(tree, zerosLike)

/** The calls that some values depend on, the latest first. */
const history = (values: readonly (Traced | null)[]): readonly Call[] => {
  const seen = new Set<Call>()
  const open = values.flatMap((v) => (v === null ? [] : [v.call]))
  for (let call = open.pop(); call !== undefined; call = open.pop()) {
    if (seen.has(call)) continue
    seen.add(call)
    for (const parent of call.parents) if (parent !== null) open.push(parent.call)
  }
  return [...seen].sort((a, b) => b.id - a.id)
}

/**
 * Carries cotangents from the results of a trace back to its roots: from the latest call to the first, each call once. A
 * value used by several calls gets the sum of their cotangents.
 */
const backward = (
  results: readonly (Traced | null)[],
  cotangents: readonly AnyTensor[],
  roots: readonly (Traced | null)[],
) => {
  const gathered = new Map<Call, (AnyTensor | undefined)[]>()
  const give = (to: Traced, d: AnyTensor): void => {
    let slots = gathered.get(to.call)
    if (slots === undefined) {
      slots = []
      gathered.set(to.call, slots)
    }
    const before = slots[to.index]
    slots[to.index] = before === undefined ? d : add(before as Tensor, d as Tensor)
  }
  results.forEach((r, i) => {
    if (r !== null) give(r, cotangents[i] as AnyTensor)
  })
  for (const call of history(results)) {
    const slots = gathered.get(call)
    if (slots === undefined || call.parents.length === 0) continue
    const thunks = call.pullback(call.outputs.map((y, i) => slots[i] ?? zerosLike(y)))
    call.parents.forEach((parent, i) => {
      const thunk = parent === null ? null : thunks[i]
      if (parent === null || thunk === null || thunk === undefined) return
      const d = within(`pullback of ${call.name}`, thunk)
      if (!sameShape(d.shape, parent.shape))
        throw new ShapeError({
          op: `pullback of ${call.name}`,
          expected: `a cotangent ${showShape(parent.shape)}`,
          actual: showShape(d.shape),
        })
      give(parent, d)
    })
  }
  return (i: number): AnyTensor | undefined => {
    const root = roots[i]
    return root === null || root === undefined ? undefined : gathered.get(root.call)?.[0]
  }
}

/**
 * The derivative of a plain function over tensors and records of them: backward is inferred from forward. Gives the value
 * and the pullback (vector-Jacobian product). The pullback is itself made of operations, so it can be differentiated in
 * turn, to any order. Integers have no derivative; their cotangents are zeros.
 *
 * A result that is no tree of tensors, or a cotangent that does not fit the value, is an error that says so.
 *
 * @example
 * import { fromNested, op, toNested, vjp, type Tensor } from 'pullback'
 * const [y, back] = vjp((x: Tensor<readonly [2]>) => op.mul(x, x))(fromNested([3, 4]))
 * toNested(y) // => [9, 16]
 * toNested(back(fromNested([1, 10]))) // => [6, 80]
 */
export const vjp =
  <A extends Tree, B extends Tree>(f: (a: A) => B): Diff<A, B> =>
  (a) => {
    const level = nextId()
    const xs = leaves(a, 'vjp')
    const roots = xs.map((x) => (x.dtype === 'int32' ? null : new Traced(level, root(x), 0)))
    const out = f(
      rebuild(
        a,
        roots.map((r, i) => (r === null ? (xs[i] as AnyTensor) : (r as unknown as AnyTensor))),
      ),
    )
    const ys = leaves(out, 'the function given to vjp')
    checkLeak('vjp', ys, level)
    const results = ys.map((y) => traced(level, y))
    const value = rebuild(
      out,
      ys.map((y) => outside(level, y) as AnyTensor),
    )
    const pullback = (db: B): A => {
      checkCotangent('pullback', value, db)
      const dys = leaves(db)
      const of = backward(results, dys, roots)
      return rebuild(
        a,
        xs.map((x, i) => of(i) ?? zerosLike(x)),
      )
    }
    return [value, pullback]
  }

const root = (x: AnyTensor): Call => ({ id: nextId(), name: 'argument', parents: [], outputs: [x], pullback: () => [] })
