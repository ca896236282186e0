import { checkLeak, nextId, outside } from '../diff/boxed.ts'
import { type Call, type Thunk, Traced, traced } from '../diff/trace.ts'
import { ShapeError, within } from '../error/tensorError.ts'
import { add } from '../op/elementwise/add.ts'
import { zeros } from '../tensor/create.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { leaves, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'

export const zerosLike = (t: AnyTensor): AnyTensor => zeros(t.shape, t.dtype)

/** The recorded run of a function. A tensor that is not traced is null. */
export interface Recording<B> {
  readonly value: B
  /** The tensors of the argument; integers are null, since they have no derivative. */
  readonly roots: readonly (Traced | null)[]
  /** The tensors of the value. */
  readonly results: readonly (Traced | null)[]
}

const root = (x: AnyTensor): Call => ({ id: nextId(), name: 'argument', parents: [], outputs: [x], pullback: () => [] })

/** Runs a function on traced tensors and records the calls of operations that lead to its value. */
export const record = <A extends Tree, B extends Tree>(op: string, f: (a: A) => B, a: A): Recording<B> => {
  const level = nextId()
  const xs = leaves(a, op)
  const roots = xs.map((x) => (x.dtype === 'int32' ? null : new Traced(level, root(x), 0)))
  const out = f(
    rebuild(
      a,
      roots.map((r, i) => (r === null ? (xs[i] as AnyTensor) : (r as unknown as AnyTensor))),
    ),
  )
  const ys = leaves(out, `the function given to ${op}`)
  checkLeak(op, ys, level)
  const value = rebuild(
    out,
    ys.map((y) => outside(level, y) as AnyTensor),
  )
  return { value, roots, results: ys.map((y) => traced(level, y)) }
}

/** The calls that some values depend on, latest first. */
export const history = (values: readonly (Traced | null)[]): readonly Call[] => {
  const seen = new Set<Call>()
  const open = values.flatMap((v) => (v === null ? [] : [v.call]))
  for (let call = open.pop(); call !== undefined; call = open.pop()) {
    if (seen.has(call)) continue
    seen.add(call)
    for (const parent of call.parents) if (parent !== null) open.push(parent.call)
  }
  return [...seen].sort((a, b) => b.id - a.id)
}

/** The cotangents of a call's outputs; undefined for an output that no result depends on. */
export type Gathered = (call: Call) => readonly (AnyTensor | undefined)[]

/** The roots, and those calls (given latest first) that depend on them. */
const leadingTo = (calls: readonly Call[], roots: readonly (Traced | null)[]): ReadonlySet<Call> => {
  const found = new Set<Call>(roots.flatMap((r) => (r === null ? [] : [r.call])))
  for (const call of calls.toReversed())
    if (call.parents.some((parent) => parent !== null && found.has(parent.call))) found.add(call)
  return found
}

/**
 * Carries the cotangents of results back, from the latest call to the first, each call once. A value used by several
 * calls gets the sum of their cotangents. Only cotangents that lead to the roots asked for are computed; asked again
 * for other roots, it computes the rest.
 */
export const backward = (
  results: readonly (Traced | null)[],
  cotangents: readonly AnyTensor[],
): ((roots?: readonly (Traced | null)[]) => Gathered) => {
  const calls = history(results)
  const gathered = new Map<Call, (AnyTensor | undefined)[]>()
  /** The thunks still to be computed for each call that has been reached. */
  const open = new Map<Call, (Thunk | null)[]>()
  const give = (to: Traced, d: AnyTensor): void => {
    let slots = gathered.get(to.call)
    if (slots === undefined) {
      slots = []
      gathered.set(to.call, slots)
    }
    const before = slots[to.index]
    slots[to.index] = before === undefined ? d : add(before as Tensor, d as Tensor)
  }
  const pulled = (call: Call, slots: readonly (AnyTensor | undefined)[]): (Thunk | null)[] => {
    let thunks = open.get(call)
    if (thunks === undefined) {
      thunks = [...call.pullback(call.outputs.map((y, i) => slots[i] ?? zerosLike(y)))]
      open.set(call, thunks)
    }
    return thunks
  }
  results.forEach((r, i) => {
    if (r !== null) give(r, cotangents[i] as AnyTensor)
  })
  return (roots) => {
    const wanted = roots && leadingTo(calls, roots)
    for (const call of calls) {
      const slots = gathered.get(call)
      if (slots === undefined || call.parents.length === 0 || wanted?.has(call) === false) continue
      const thunks = pulled(call, slots)
      for (let i = 0; i < call.parents.length; i++) {
        const [parent, thunk] = [call.parents[i] ?? null, thunks[i] ?? null]
        if (parent === null || thunk === null || wanted?.has(parent.call) === false) continue
        const d = within(`pullback of ${call.name}`, thunk)
        thunks[i] = null
        if (!sameShape(d.shape, parent.shape))
          throw new ShapeError({
            op: `pullback of ${call.name}`,
            expected: `a cotangent ${showShape(parent.shape)}`,
            actual: showShape(d.shape),
          })
        give(parent, d)
      }
    }
    return (call) => gathered.get(call) ?? []
  }
}

/** The cotangents of the argument's tensors, in the structure of `like`; zeros where no result depends on a tensor. */
export const cotangentsOf = <A extends Tree>(like: A, roots: readonly (Traced | null)[], gathered: Gathered): A =>
  rebuild(
    like,
    leaves(like).map((x, i) => {
      const root = roots[i]
      return (root ? gathered(root.call)[0] : undefined) ?? zerosLike(x)
    }),
  )
