import { engine } from '../kernel/current.ts'
import { loaders } from '../kernel/loaders.ts'
import { type Place, type Program, type ProgramCall, viewsOf } from '../kernel/program.ts'
import { arrays } from '../tensor/data.ts'
import { showShape } from '../tensor/shape.ts'
import { table, thousands } from '../text/table.ts'
import { kernelOf, multiplications, slotsOf } from './call.ts'
import { type Compiled, withoutProgram } from './compile.ts'
import type { Profile, TimedCall } from './profile.ts'

const bytesOf = (places: readonly Place[]): number =>
  places.reduce((n, { dtype, length }) => n + length * arrays[dtype].BYTES_PER_ELEMENT, 0)

const resultsOf = (calls: readonly ProgramCall[]): readonly Place[] =>
  calls.flatMap((c) => c.results as readonly Place[])

const some = (n: number): string => (n === 0 ? '' : thousands(n))

const row = (call: ProgramCall, i: number): readonly string[] => [
  `${i}`,
  kernelOf(call),
  call.path.join('.'),
  viewsOf(call)
    .map((x) => showShape(x.shape))
    .join(' '),
  slotsOf(call)
    .map((slot) => `#${slot}`)
    .join(' '),
  call.results.map((place) => thousands(place.length)).join(' + '),
  some(bytesOf(call.results)),
  some(multiplications(call)),
]

const total = (calls: readonly ProgramCall[], f: (call: ProgramCall) => number): number =>
  calls.reduce((n, call) => n + f(call), 0)

/**
 * A program as a table: for each call its kernel, the names of the layers around it, the shapes of the tensors that it
 * reads, the numbers that change from run to run (`#3`), how many numbers it makes, in how many bytes, and with how
 * many multiplications, counted for matrix products and convolutions. Below stands the memory that the current engine
 * plans for all results, and what they would take if none shared its place.
 */
export const showProgram = (program: Program): string => {
  const { inputs, constants, calls, outputs, carried } = program
  const { bytes, unshared } = engine().load(program, loaders)
  const slots = new Set(calls.flatMap(slotsOf))
  const count = `${thousands(calls.length)} ${calls.length === 1 ? 'call' : 'calls'}`
  const sum = [thousands(bytesOf(resultsOf(calls))), thousands(total(calls, multiplications))]
  return [
    table(
      ['#', 'kernel', 'layer', 'reads', 'slots', 'makes', 'bytes', 'multiplications'],
      [...calls.map(row), ['', count, '', '', '', '', ...sum]],
      [0, 5, 6, 7],
    ),
    `memory of results on ${engine().name}: ${thousands(bytes)} bytes, ${thousands(unshared)} if none shared its place`,
    `inputs: ${inputs.length} in ${thousands(bytesOf(inputs))} bytes, ${carried.length} of them carried from run to run`,
    `constants: ${constants.length} in ${thousands(bytesOf(constants.map((c) => c.place)))} bytes`,
    `outputs: ${outputs.length} in ${thousands(bytesOf(outputs))} bytes`,
    `numbers that change: ${slots.size}`,
  ].join('\n')
}

/** The programs of a compiled function, the newest first. */
export const showCompiled = (f: Compiled): string => {
  if (f.programs.length === 0) throw withoutProgram('show', f)
  return f.programs.map(showProgram).join('\n\n')
}

const number = (x: number): string => (x >= 100 ? x.toFixed(0) : x.toPrecision(3))

/** The calls that have something in common, in the order in which they begin. */
const grouped = (profile: Profile, title: string, of: (call: TimedCall) => string): string => {
  const groups = new Map<string, readonly TimedCall[]>()
  for (const call of profile.calls) groups.set(of(call), [...(groups.get(of(call)) ?? []), call])
  const row = (name: string, calls: readonly TimedCall[]): readonly string[] => {
    const time = calls.reduce((sum, { microseconds }) => sum + microseconds, 0)
    const products = calls.reduce((sum, c) => sum + c.multiplications, 0)
    const share = `${Math.round((100 * time) / profile.alone)} %`
    return [name, `${calls.length}`, number(time), share, products === 0 ? '' : `${products}`]
  }
  const rows = [...groups].map(([name, calls]) => row(name, calls))
  return table([title, 'calls', 'µs', 'share', 'multiplications'], rows, [1, 2, 3, 4])
}

/** A profile as two tables, by layer and by kernel, and the time that is left over around the kernels. */
export const showProfile = (profile: Profile): string => {
  const { engine, threads, alone, program, whole } = profile
  return [
    grouped(profile, 'layer', ({ layer }) => (layer === '' ? '(no name)' : layer)),
    '',
    grouped(profile, 'kernel', ({ kernel }) => kernel),
    '',
    table(
      [`on ${engine}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`, 'µs'],
      [
        ['kernels, each alone', number(alone)],
        ['the program', number(program)],
        ['arguments in, results out', number(Math.max(0, whole - program))],
        ['the whole function', number(whole)],
      ],
      [1],
    ),
  ].join('\n')
}
