import { checkOptions } from '../../error/options.ts'
import { ShapeError, StructureError } from '../../error/tensorError.ts'
import type { Cell, Timed } from '../../layer/cell.ts'
import { checkLayer } from '../../layer/checkLayer.ts'
import { any, inner, type Layer, lazy } from '../../layer/layer.ts'
import { checkPort } from '../../layer/port.ts'
import type { Loose, LooseApply, LooseStep } from '../../layer/records.ts'
import { timed } from '../../layer/timed.ts'
import { wrapper } from '../../layer/wrapper.ts'
import { slice } from '../../op/shape/slice.ts'
import { stack } from '../../op/shape/stack.ts'
import { addTrees } from '../../op/tree/addTrees.ts'
import { describe } from '../../tensor/data.ts'
import { leaves, mapTree, rebuild, type Tree } from '../../tree/tree.ts'
import type { Port } from '../../type/port.ts'
import type { Tensor } from '../../type/tensor.ts'

export interface RecurOptions {
  /** True to go from the last step to the first. The outputs stay in their places. */
  readonly reverse?: boolean | undefined
}

const at = (x: Tree, t: number): Tree => mapTree(x, (part) => slice(part, [null, t]) as never)

/** Trees of one structure, each tensor stacked along a new time axis. */
const stacked = (steps: readonly Tree[]): Tree => {
  const columns = steps.map((step) => leaves(step))
  return rebuild(
    steps[0] as Tree,
    (columns[0] as readonly Tensor[]).map(
      (_, i) =>
        stack(
          columns.map((all) => all[i] as Tensor),
          1,
        ) as never,
    ),
  )
}

/** The number of steps, the same in each tensor. */
const lengthOf = (x: Tree): number => {
  const lengths = leaves(x).map((part) => part.shape[1] as number)
  const [n = 0] = lengths
  if (n === 0 || lengths.some((m) => m !== n))
    throw new ShapeError({
      op: 'recur',
      expected: n === 0 ? 'a sequence of at least one step' : `sequences of one length, the first has ${n}`,
      actual: lengths.join(', '),
    })
  return n
}

/**
 * Runs a cell over the steps of a sequence: { input [time, …X], carry } to { output [time, …Y], carry }. At each step the
 * cell takes that step's input and what was carried, and gives that step's output and what is carried on; what is carried
 * out of the last step is an output too. Parameters are shared by all steps, and the gradient of each is the sum over
 * them; layers with state pass it on from step to step; each step has its own random key. Forward and backward are loops
 * over the cell's own pullback.
 *
 * A sequence without steps, and a cell that carries on something of another shape than it takes, is a `ShapeError`.
 *
 * @example
 * import { fromNested, init, key, layer, op, predict, recur, toNested } from 'pullback'
 * const sum = layer({
 *   kind: 'sum',
 *   input: { input: [1], carry: [1] },
 *   params: {},
 *   forward: (_, { input, carry }) => ({ output: op.add(input, carry), carry: op.add(input, carry) }),
 * })
 * const sums = recur(sum)
 * const { output } = predict(sums, init(sums, key(0)), {
 *   input: fromNested([[[1], [2], [3]]]),
 *   carry: fromNested([[0]]),
 * })
 * toNested(output) // => [[[1], [3], [6]]]
 */
export const recur = <X, C, Y, P, S>(
  cell: Cell<X, C, Y, P, S>,
  options: RecurOptions = {},
): Layer<{ readonly input: Timed<X>; readonly carry: C }, { readonly output: Timed<Y>; readonly carry: C }, P, S> => {
  checkLayer('recur', cell, 'a cell, which is a layer')
  checkOptions('recur', options, ['reverse'])
  const port = cell.input as Loose
  if (port === null || typeof port !== 'object' || !('input' in port && 'carry' in port))
    throw new StructureError({
      op: 'recur',
      expected: 'a cell that takes { input, carry }',
      actual: port === any ? 'one for any input' : describe(port),
    })
  const input = { input: timed('recur', port.input), carry: port.carry } as Port
  const run: LooseApply = cell.apply
  const apply: LooseApply = (params, state, context, x) => {
    checkPort('recur', input, x)
    const length = lengthOf(x.input)
    const order = Array.from({ length }, (_, i) => (options.reverse === true ? length - 1 - i : i))
    const steps = new Map<number, LooseStep>()
    let [carry, after] = [x.carry, state]
    for (const t of order) {
      const step = run(params, after, inner(context, t), { input: at(x.input, t), carry })
      checkPort('recur', port.carry, step.value.carry)
      steps.set(t, step)
      carry = step.value.carry
      after = step.state
    }
    const inOrder = <A>(f: (t: number) => A): readonly A[] => Array.from({ length }, (_, t) => f(t))
    const value = { output: stacked(inOrder((t) => (steps.get(t) as LooseStep).value.output)), carry }
    const pullback = (dy: Loose) => {
      const all = lazy(() => {
        let dcarry = dy.carry
        let dparams: Tree | undefined
        const dx = new Map<number, Tree>()
        for (const t of order.toReversed()) {
          const found = (steps.get(t) as LooseStep).pullback({ output: at(dy.output, t), carry: dcarry })
          const own = found.params() as Tree
          dparams = dparams === undefined ? own : addTrees(dparams, own)
          const before = found.input()
          dcarry = before.carry
          dx.set(t, before.input)
        }
        return { params: dparams, input: { input: stacked(inOrder((t) => dx.get(t) as Tree)), carry: dcarry } }
      })
      return { params: () => all().params, input: () => all().input }
    }
    return { value, state: after, pullback }
  }
  return wrapper('recur', cell, apply, (part) => recur(part as never, options) as never, { kind: 'recur', input })
}
