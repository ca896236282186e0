// A graph as steps that run one after the other.
import { within } from '../../error/tensorError.ts'
import { using } from '../../kernel/current.ts'
import { reference } from '../../kernel/reference/reference.ts'
import { packed } from '../../tensor/pack.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Inputs, Run } from '../operator/operator.ts'
import { ofNumbers, tensorOf, type Value } from '../value.ts'

/** A node that is ready to run: the places of its inputs, −1 for one that is not given, and of its outputs. */
export interface Step {
  readonly name: string
  readonly run: Run
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}

/** Known numbers in float64; what a node has computed is so already. */
const inDouble = (numbers: ArrayLike<number>): Float64Array =>
  numbers instanceof Float64Array ? numbers : Float64Array.from(numbers)

/** A node on known numbers, whose results are known too. They are computed in float64, which holds sizes exactly. */
const onKnown = (run: Run, inputs: Inputs): readonly Value[] =>
  using(reference, () =>
    run(
      ...inputs.map(
        (v) => v && { ...v, tensor: fresh(v.dims, inDouble(v.numbers as ArrayLike<number>)), last: undefined },
      ),
    ).map((v) => ofNumbers(v.dims, v.numbers ?? packed(raw(tensorOf(v))), v.kind)),
  )

/** What a node gives for some inputs. */
export const runStep = ({ name, run }: Pick<Step, 'name' | 'run'>, inputs: Inputs): readonly Value[] =>
  within(name, () =>
    inputs.some((v) => v !== undefined) && inputs.every((v) => v === undefined || v.numbers !== undefined)
      ? onKnown(run, inputs)
      : run(...inputs),
  )

/** Runs steps on the values in their places. A value is let go after the last step that takes it. */
export const runSteps = (steps: readonly Step[], values: (Value | undefined)[], kept: readonly number[]): void => {
  const last = new Map(steps.flatMap(({ inputs }, i) => inputs.map((place) => [place, i] as const)))
  steps.forEach((step, i) => {
    const results = runStep(
      step,
      step.inputs.map((place) => values[place]),
    )
    step.outputs.forEach((place, k) => {
      if (place >= 0) values[place] = results[k]
    })
    for (const place of step.inputs) if (last.get(place) === i && !kept.includes(place)) values[place] = undefined
  })
}
