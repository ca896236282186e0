// The protocol of a participant: a line comes in, a line of JSON goes out. First it says who it is. To 'losses' it
// answers with the losses of 20 steps from the first parameters; to 'time N' with the milliseconds of N steps from
// there. Timed steps have the dropout of their workload; those whose losses are compared have none, since each library
// draws masks of its own.
import { createInterface } from 'node:readline'

type Loss = number | Promise<number>

/** A participant that trains a workload: its name, and how it starts anew. */
export interface Trainer {
  readonly name: string
  readonly version: string
  readonly threads: number
  /** Starts anew from the first parameters and gives the step; `noisy` asks for the workload's dropout. */
  readonly begin: (noisy: boolean) => () => Loss
}

/** A participant that cannot, and the reason. */
export interface Absent {
  readonly name: string
  readonly absent: string
}

const stepsOfLosses = 20

const say = (answer: object): void => {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

const losses = async ({ begin }: Trainer): Promise<object> => {
  const step = begin(false)
  const found: number[] = []
  for (let i = 0; i < stepsOfLosses; i++) found.push(await step())
  return { losses: found }
}

const time = async ({ begin }: Trainer, steps: number): Promise<object> => {
  const step = begin(true)
  const since = performance.now()
  for (let i = 0; i < steps; i++) {
    const loss = step()
    if (typeof loss !== 'number') await loss
  }
  return { milliseconds: performance.now() - since }
}

const answer = async (trainer: Trainer, line: string): Promise<object> => {
  const [command, argument] = line.split(' ')
  try {
    if (command === 'losses') return await losses(trainer)
    if (command === 'time') return await time(trainer, Number(argument))
    return { error: `'losses' or 'time N' is understood, not '${line}'` }
  } catch (e) {
    return { error: e instanceof Error ? e.message : String(e) }
  }
}

/** Answers until the input ends. */
export const serve = async (participant: Trainer | Absent): Promise<void> => {
  if ('absent' in participant) return say(participant)
  const { name, version, threads } = participant
  say({ name, version, threads })
  for await (const line of createInterface({ input: process.stdin })) say(await answer(participant, line))
}
