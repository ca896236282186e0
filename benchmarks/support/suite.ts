// A benny suite: measures cases one after the other, saves them as JSON and as a chart, and returns their medians.
import b from 'benny'
import * as E from '#fp/Either'
import { engineOf, engines } from './engines.ts'
import { aboutEnvironment, machine, unbend } from './machine.ts'
import { names, number, type Option, options } from './options.ts'
import { resultsFolder } from './results.ts'

export type Cases = Readonly<Record<string, () => void>>
export type Medians = Readonly<Record<string, number>>

const common = {
  engines: { initial: Object.keys(engines).join(','), about: 'which engines' },
  seconds: { initial: '0.5', about: 'time for each case' },
} satisfies Readonly<Record<string, Option>>

export interface Setup<O> {
  readonly given: O
  readonly seconds: number
  /** Runs a function with each available engine, one after the other. */
  readonly eachEngine: (f: (engine: string) => Promise<void>) => Promise<void>
  /** The median microseconds of some cases. */
  readonly suite: (file: string, cases: Cases) => Promise<Medians>
}

/** The options that all benchmarks share, with their results. */
export const setUp = <O extends Readonly<Record<string, Option>>>(command: string, about: string, own: O) => {
  unbend()
  const given = options(command, about, { ...common, ...own })
  const seconds = number('seconds', given.seconds)
  const { date, processor, cores, node } = machine()
  console.log(`${command}: ${date}, ${processor}, ${cores} cores, Node ${node}\n${aboutEnvironment}`)
  return {
    given,
    seconds,
    eachEngine: async (f: (engine: string) => Promise<void>) => {
      for (const name of names(given.engines)) {
        const used = await engineOf(name).use()
        if (E.isRight(used)) await f(name)
        else console.log(`${name} is absent: ${used.left}`)
      }
    },
    suite: (file: string, cases: Cases) => measure(`${command.replace('bench:', '')}-${file}`, cases, seconds),
  }
}

const measure = async (file: string, cases: Cases, seconds: number): Promise<Medians> => {
  const limits = { minTime: seconds / 10, maxTime: seconds }
  const save = { file, folder: resultsFolder, details: true }
  const { results } = await b.suite(
    file,
    ...Object.entries(cases).map(([name, run]) => b.add(name, run, limits)),
    ...(process.stdout.isTTY ? [b.cycle()] : []), // it moves the cursor
    b.save({ ...save, format: 'json' }),
    b.save({ ...save, format: 'chart.html' }),
  )
  return Object.fromEntries(results.map(({ name, details }) => [name, details.median * 1e6]))
}
