// The protocol of a participant: a line comes in, a line of JSON goes out. First it says who it is. To 'result' it
// answers with the numbers that 20 steps from the first parameters end with: the last loss, or the outputs of a
// prediction. To 'time N' it answers with the milliseconds of N steps from there. Timed steps have the dropout of their
// workload; those whose losses are compared have none, since each library draws masks of its own.
import { createInterface } from 'node:readline'

type Found = number | ArrayLike<number>

/** A participant that runs a workload: its name, and how it starts anew. */
export interface Runner {
  readonly name: string
  readonly version: string
  readonly threads: number
  /** Starts anew from the first parameters and gives the step; `noisy` asks for the workload's dropout. */
  readonly begin: (noisy: boolean) => () => Found | Promise<Found>
  /** In the place of `begin`: runs a number of steps at once from the first parameters, and gives what each found. */
  readonly many?: (noisy: boolean) => (steps: number) => readonly Found[]
}

/** A participant that cannot, and the reason. */
export interface Absent {
  readonly name: string
  readonly absent: string
}

const steps = 20

const say = (answer: object): void => {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

const numbersOf = (found: Found | undefined): readonly number[] =>
  typeof found === 'object' ? Array.from(found) : [found ?? Number.NaN]

const result = async ({ begin, many }: Runner): Promise<object> => {
  if (many !== undefined) return { numbers: numbersOf(many(false)(steps).at(-1)) }
  const step = begin(false)
  let found: Found | undefined
  for (let i = 0; i < steps; i++) found = await step()
  return { numbers: numbersOf(found) }
}

const time = async ({ begin, many }: Runner, steps: number): Promise<object> => {
  if (many !== undefined) {
    const run = many(true)
    const since = performance.now()
    run(steps)
    return { milliseconds: performance.now() - since }
  }
  const step = begin(true)
  const since = performance.now()
  for (let i = 0; i < steps; i++) {
    const found = step()
    if (found instanceof Promise) await found
  }
  return { milliseconds: performance.now() - since }
}

const answer = async (runner: Runner, line: string): Promise<object> => {
  const [command, argument] = line.split(' ')
  try {
    if (command === 'result') return await result(runner)
    if (command === 'time') return await time(runner, Number(argument))
    return { error: `'result' or 'time N' is understood, not '${line}'` }
  } catch (e) {
    return { error: e instanceof Error ? e.message : String(e) }
  }
}

/** Answers until the input ends. */
export const serve = async (participant: Runner | Absent): Promise<void> => {
  if ('absent' in participant) return say(participant)
  const { name, version, threads } = participant
  say({ name, version, threads })
  for await (const line of createInterface({ input: process.stdin })) say(await answer(participant, line))
}
