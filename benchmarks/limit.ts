// Products against their limits: one core's 128-bit vectors, one thread against two, OpenBLAS called from C.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Float, key, op, random, type Tensor } from 'pullback'
import * as E from '#fp/Either'
import { scoped } from '../lib/diff/scope.ts'
import { table } from '../lib/text/table.ts'
import { peaks } from './limit/peak.ts'
import type { Cells } from './support/columns.ts'
import { engineOf } from './support/engines.ts'
import { aboutEnvironment, machine, unbend } from './support/machine.ts'
import { number, options } from './support/options.ts'
import { resultsFolder, saveResult } from './support/results.ts'
import { digits, times } from './support/show.ts'
import { median } from './support/statistics.ts'

unbend()
const given = options('bench:limit', 'products against the limits of the machine', {
  rounds: { initial: '9', about: 'how often each has its turn' },
  turn: { initial: '60', about: 'milliseconds of a turn' },
})
const [rounds, turn] = [number('rounds', given.rounds), number('turn', given.turn)]
const { date, processor, cores, node } = machine()
console.log(`bench:limit: ${date}, ${processor}, ${cores} cores, Node ${node}\n${aboutEnvironment}`)

type Matrix = Tensor<readonly [number, number]>
const vectors = await peaks()

/** The Gflop/s of a turn. */
type Turn = () => Promise<number>

/** The Gflop/s of a function that is called repeatedly for a turn. */
const rate = (operations: number, run: () => void): Turn => {
  const calls = Math.max(1, Math.round(2e6 / operations))
  return async () => {
    const found: number[] = []
    for (const end = performance.now() + turn; performance.now() < end; ) {
      const since = performance.now()
      for (let i = 0; i < calls; i++) run()
      found.push((operations * calls) / (performance.now() - since) / 1e6)
    }
    return median(found)
  }
}

/** A product on an engine, ten at a time as within a step of training: nothing is copied out. */
const onEngine = async (name: string, x: Matrix, y: Matrix): Promise<Turn | null> => {
  const use = engineOf(name).use
  if (E.isLeft(await use())) return null
  const ten = (): void => {
    scoped(() => {
      for (let i = 0; i < 10; i++) op.matmul(x, y)
      return 0
    })
  }
  const again = rate(20 * x.shape[0] ** 3, ten)
  return async () => {
    await use()
    ten()
    await new Promise((resolve) => setTimeout(resolve, 100)) // its threads start
    return again()
  }
}

/** A product by OpenBLAS from a C program, where there are a compiler and the library. */
const fromC = (n: number, dtype: Float): Turn | null => {
  const program = join(resultsFolder, 'gemm')
  try {
    mkdirSync(resultsFolder, { recursive: true })
    const source = fileURLToPath(new URL('limit/gemm.c', import.meta.url))
    execFileSync('cc', ['-O2', '-o', program, source, '-ldl'], { stdio: 'ignore' })
    const args = ['libopenblas.so.0', dtype === 'float32' ? 'f32' : 'f64', `${n}`, `${turn / 1e3}`]
    const go = (): number => (2 * n ** 3) / Number(execFileSync(program, args, { encoding: 'utf8' })) / 1e3
    go()
    return async () => go()
  } catch {
    return null
  }
}

const cells: Record<string, Cells> = {}
const ratio = (a: number | undefined, b: number | undefined): string =>
  a === undefined || b === undefined ? '–' : times(a / b)
for (const dtype of ['float32', 'float64'] as const)
  for (const n of [64, 128, 256, 512]) {
    const draw = (i: number): Matrix => random.uniform(key(i), [n, n], { min: -1, max: 1, dtype }) as Matrix
    const [x, y] = [draw(1), draw(2)]
    const { operations, run } = vectors[dtype]
    const all: Readonly<Record<string, Turn | null>> = {
      limit: rate(operations(1000), () => run(1000)),
      wasm: await onEngine('wasm', x, y),
      'wasm-2': await onEngine('wasm-2', x, y),
      native: await onEngine('native', x, y),
      C: fromC(n, dtype),
    }
    const found: Record<string, number[]> = {}
    for (let round = 0; round < rounds + 1; round++)
      for (const [name, go] of Object.entries(all)) {
        if (go === null) continue
        const value = await go()
        found[name] ??= []
        if (round > 0) found[name].push(value) // the first warms up
      }
    const at = Object.fromEntries(Object.entries(found).map(([name, values]) => [name, median(values)]))
    cells[`${dtype} ${n}³`] = {
      ...Object.fromEntries(
        Object.keys(all).map((name) => [name, at[name] === undefined ? 'absent' : digits(at[name])]),
      ),
      'wasm / limit': ratio(at.wasm, at.limit),
      'wasm-2 / wasm': ratio(at['wasm-2'], at.wasm),
      'native / C': ratio(at.native, at.C),
    }
  }
const heads = Object.keys(Object.values(cells)[0] as Cells)
const rows = Object.entries(cells).map(([name, row]) => [name, ...heads.map((head) => row[head] as string)])
console.log(
  `\n${table(
    ['Gflop/s', ...heads],
    rows,
    heads.map((_, i) => i + 1),
  )}`,
)
console.log(
  `targets: wasm / limit 0.8 from 128³, aim 0.9; wasm-2 / wasm 1.6 from 128³, aim 1.9; native / C 0.95 from 64³, aim 0.98`,
)
console.log(saveResult('limit', { rounds, turn, results: cells }))
process.exit(0)
