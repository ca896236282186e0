// Two ranks by one: what a reduction takes, and a training step with as many examples for each rank, or for both
// together. Groups of one and of two ranks are processes of their own, in turns.
import { spawnSync } from 'node:child_process'
import { table as asText } from '../lib/text/table.ts'
import { bundle } from '../spec/support/bundle.ts'
import { type Measured, type Plan, sizes } from './ranks/plan.ts'
import { aboutEnvironment, environment, machine } from './support/machine.ts'
import { names, number, options } from './support/options.ts'
import { resultsFolder, saveResult } from './support/results.ts'
import { digits, times } from './support/show.ts'
import { median, relativeError } from './support/statistics.ts'

const given = options('bench:ranks', 'reductions and training steps of two ranks, by one', {
  engines: { initial: 'wasm,native', about: 'which engines' },
  groups: { initial: 'mpi,workers', about: 'what the two ranks run on: mpi, workers' },
  rounds: { initial: '5', about: 'how often each group is started' },
  turns: { initial: '7', about: 'how often each case has its turn in a group' },
  turn: { initial: '100', about: 'milliseconds of a turn' },
  format: { initial: 'text', about: 'how the tables are printed: text, or markdown for docs/benchmarks.md' },
  take: { initial: 'median', about: 'which turns count: median, or best where others use the machine too' },
})
/** A table whose columns are numbers but for the first. */
const table = (heading: readonly string[], rows: readonly (readonly string[])[]): string => {
  if (given.format !== 'markdown') return asText(heading, rows, [1, 2, 3, 4, 5, 6, 7, 8])
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i > 0 ? cell || '–' : cell)).join(' | ')} |`
  return [line(heading), `|${'---|'.repeat(heading.length)}`, ...rows.map(line)].join('\n')
}

const taken = given.take === 'best' ? 'best' : 'median'
const rounds = number('rounds', given.rounds)
const groups = names(given.groups)
const program = `${resultsFolder}/rank.mjs`

/** Ranks that find no processor of their own yield, or a step would take some hundred times as long. */
const forMpi = { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1', NO_COLOR: '1' }

const least = (numbers: readonly number[]): number => Math.min(...numbers)

/** What a group of ranks finds; an error if it fails. */
const run = (kind: string, plan: Plan): Measured => {
  const args = [program, kind, JSON.stringify(plan)]
  const [command, all] = kind === 'mpi' ? ['mpirun', ['-n', '2', process.execPath, ...args]] : [process.execPath, args]
  const env = { ...environment(1), ...(kind === 'mpi' ? forMpi : {}) }
  const { status, stdout, stderr, error } = spawnSync(command, all, { encoding: 'utf8', env })
  const line = (stdout ?? '').split('\n').find((text) => text.startsWith('{'))
  if (status !== 0 || line === undefined) throw new Error(`${kind}: ${error?.message ?? stderr}`)
  return JSON.parse(line) as Measured
}

/** What groups find in turns: the times of all rounds in one, and the losses, which do not depend on the round. */
const inRounds = (kinds: readonly string[], plan: Plan): Readonly<Record<string, Measured>> => {
  const all = Array.from({ length: rounds }, () => kinds.map((kind) => run(kind, plan)))
  return Object.fromEntries(
    kinds.map((kind, i) => {
      const found = all.map((round) => round[i] as Measured)
      const { name, microseconds, losses } = found[0] as Measured
      const one = taken === 'best' ? least : median
      const times = Object.keys(microseconds).map((c) => [c, [one(found.flatMap((m) => m.microseconds[c] ?? []))]])
      return [kind, { name, microseconds: Object.fromEntries(times), losses }]
    }),
  )
}

const time = (found: Measured | undefined, name: string): number => found?.microseconds[name]?.[0] ?? Number.NaN

const reductionsTable = (found: Readonly<Record<string, Measured>>): string =>
  table(
    ['µs', ...Object.keys(sizes)],
    groups.flatMap((kind) =>
      ['allReduce', 'begin'].map((call) => [
        call === 'begin' ? `${kind}, begun and waited for` : `${kind}, allReduce`,
        ...Object.keys(sizes).map((size) => digits(time(found[kind], `${call} ${size}`))),
      ]),
    ),
  )

const columns = [
  'one rank, B',
  'two, 2B',
  'efficiency',
  'computing',
  'exchange',
  'waited for at once',
  'two, B',
  'faster by',
]

/** Rows of engines and groups: µs of a step, and what of its efficiency is lost by computing side by side. */
const rowsOf = (engine: string, found: Readonly<Record<string, Measured>>): readonly (readonly string[])[] =>
  groups.flatMap((kind) => {
    const one = (name: string): number => time(found.alone, name)
    const two = (name: string): number => time(found[kind], name)
    return [
      [
        `${engine}, ${kind}`,
        digits(one('B')),
        digits(two('2B')),
        times(one('B') / two('2B')),
        digits(two('2B, silent')),
        digits(two('2B') - two('2B, silent')),
        digits(two('2B, waiting')),
        digits(two('B')),
        times(one('B') / two('B')),
      ],
      [
        `${engine}, ${kind}, exact`,
        digits(one('B, exact')),
        digits(two('2B, exact')),
        times(one('B, exact') / two('2B, exact')),
        ...['', '', ''],
        digits(two('B, exact')),
        times(one('B, exact') / two('B, exact')),
      ],
    ]
  })

/** Ends the benchmark if two ranks learn something else than one with all examples; exact ones give its bits. */
const checkLosses = (engine: string, { alone, ...others }: Readonly<Record<string, Measured>>): void => {
  for (const [kind, { losses }] of Object.entries(others))
    for (const [name, loss] of Object.entries(losses)) {
      const wanted = alone?.losses[name] ?? Number.NaN
      const isSame = name.endsWith('exact') && engine === 'wasm' ? loss === wanted : relativeError(loss, wanted) < 1e-4
      if (!isSame) throw new Error(`${engine}, ${kind}, ${name}: the loss is ${loss}, and ${wanted} on one rank`)
    }
}

const main = async (): Promise<void> => {
  const { date, processor, cores, node } = machine()
  console.log(`bench:ranks: ${date}, ${processor}, ${cores} cores, Node ${node}\n${aboutEnvironment}`)
  await bundle("import { rank } from './benchmarks/ranks/rank.ts'; await rank(process.argv.slice(2))", program)
  const common = { turns: number('turns', given.turns), turn: number('turn', given.turn) }
  const reductions = inRounds(groups, { measure: 'reductions', engine: 'wasm', ...common })
  console.log(`\n${groups.map((kind) => reductions[kind]?.name).join('; ')}\n\n${reductionsTable(reductions)}`)
  const steps: Record<string, Readonly<Record<string, Measured>>> = {}
  for (const engine of names(given.engines)) {
    const found = inRounds(['alone', ...groups], { measure: 'steps', engine, ...common })
    checkLosses(engine, found)
    steps[engine] = found
  }
  const rows = Object.entries(steps).flatMap(([engine, found]) => rowsOf(engine, found))
  console.log(
    `\nµs of a step of b, B = 128 examples, ${taken} of ${rounds * common.turns} turns\n\n${table(['', ...columns], rows)}`,
  )
  console.log(`\n${saveResult('ranks', { ...common, rounds, taken, reductions, steps })}`)
}

try {
  await main()
} catch (e) {
  console.error(`\nbench:ranks failed: ${e instanceof Error ? e.message : e}`)
  process.exitCode = 1
}
