// Reading and writing arrays, against plain bytes of the same size and against NumPy: reading from the disk's cache,
// writing into it and, as this library does, on to the disk. And reading by name from a large file: how many bytes that
// reads.
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromArray, type Tensor } from 'pullback'
import { loadNpy, loadSafetensors, saveNpy, saveSafetensors } from 'pullback/node'
import { table } from '../lib/text/table.ts'
import { aboutEnvironment, machine } from './support/machine.ts'
import { memoryInUse } from './support/memory.ts'
import { saveResult } from './support/results.ts'
import { digits, times } from './support/show.ts'
import { median } from './support/statistics.ts'

const { date, processor, cores, node } = machine()
console.log(`bench:files: ${date}, ${processor}, ${cores} cores, Node ${node}\n${aboutEnvironment}`)

const [megabytes, tensors, rounds] = [64, 8, 15]
const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
const path = (name: string): string => join(folder, name)
const entries = (megabytes * 2 ** 20) / 4
const numbers = Float32Array.from({ length: entries }, (_, i) => Math.sin(i))
const whole = fromArray(numbers, [1024, entries / 1024]) as Tensor
const part = fromArray(numbers.subarray(0, entries / tensors), [entries / tensors]) as Tensor
const parts = Object.fromEntries(Array.from({ length: tensors }, (_, i) => [`W${i}`, part]))
const bytes = new Uint8Array(numbers.buffer)

const must = async (task: () => Promise<{ readonly _tag: 'Left' | 'Right' }>): Promise<void> => {
  if ((await task())._tag === 'Left') throw new Error('a file was refused')
}

/** The seconds that NumPy takes for a statement, the median of some runs of it in one process. */
const numpy = (statement: string): number => {
  const program = `
import statistics, sys, time
import numpy as np
a = np.sin(np.arange(${entries})).astype(np.float32).reshape(1024, -1)
def once():
    since = time.perf_counter()
    ${statement}
    return time.perf_counter() - since
print(statistics.median(once() for _ in range(${rounds})))`
  const { stdout, status } = spawnSync(process.env.PEER_PYTHON ?? '/usr/bin/python3', ['-c', program], {
    encoding: 'utf8',
  })
  return status === 0 ? Number(stdout) : Number.NaN
}

const timed = async (run: () => unknown): Promise<number> => {
  const since = performance.now()
  await run()
  return (performance.now() - since) / 1e3
}

/** Plain bytes that are on the disk when this is done, though a file that was there before is lost meanwhile. */
const writeSynced = (file: string): void => {
  const opened = openSync(file, 'w')
  writeSync(opened, bytes)
  fsyncSync(opened)
  closeSync(opened)
}

const [cached, synced, read] = ['bytes written', 'bytes written and synced', 'bytes read']
/** Node's own bytes to and from the disk's cache, without a word of safety; and those of this library. */
const cases: Readonly<Record<string, () => unknown>> = {
  [cached]: () => writeFileSync(path('bytes'), bytes),
  [synced]: () => writeSynced(path('synced')),
  'saveSafetensors, 8 tensors': () => must(saveSafetensors(path('a.safetensors'), parts)),
  saveNpy: () => must(saveNpy(path('a.npy'), whole)),
  [read]: () => readFileSync(path('bytes')),
  'loadSafetensors, 8 tensors': () => must(loadSafetensors(path('a.safetensors'))),
  loadNpy: () => must(loadNpy(path('a.npy'))),
}

try {
  for (const run of Object.values(cases)) await run()
  const found = Object.fromEntries(Object.keys(cases).map((name) => [name, [] as number[]]))
  for (let i = 0; i < rounds; i++)
    for (const [name, run] of Object.entries(cases)) {
      await memoryInUse() // the arrays of one case are not given back at the cost of the next
      found[name]?.push(await timed(run))
    }
  const seconds: Record<string, number> = Object.fromEntries(
    Object.entries(found).map(([name, all]) => [name, median(all)]),
  )
  seconds['np.save'] = numpy(`np.save('${path('n.npy')}', a)`)
  seconds['np.load'] = numpy(`np.load('${path('n.npy')}')`)
  const rate = (name: string): number => megabytes / (seconds[name] as number)
  const against = (name: string): string =>
    name.startsWith('save') || name === synced ? synced : /^(np.save|bytes written)$/.test(name) ? cached : read
  const rows = Object.keys(seconds).map((name) => [
    name,
    digits(rate(name)),
    times(rate(name) / rate(against(name))),
    times(rate(name) / rate(against(name) === read ? 'np.load' : 'np.save')),
  ])
  console.log(table([`${megabytes} MiB of float32`, 'MiB/s', 'of plain bytes, as safe', 'of NumPy'], rows, [1, 2, 3]))

  // A file of 512 MiB whose last tensor alone is asked for.
  const large = path('large.safetensors')
  await must(saveSafetensors(path('one.safetensors'), { W: part }))
  const [many, size] = [64, (entries / tensors) * 4]
  const header = Object.fromEntries(
    Array.from({ length: many }, (_, i) => [
      `W${i}`,
      { dtype: 'F32', shape: [entries / tensors], data_offsets: [i * size, (i + 1) * size] },
    ]),
  )
  const text = JSON.stringify(header).padEnd(8 * Math.ceil(JSON.stringify(header).length / 8))
  const file = openSync(large, 'w')
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true)
  writeSync(file, length)
  writeSync(file, text)
  for (let i = 0; i < many; i++) writeSync(file, new Uint8Array(part.size * 4))
  const before = readBytes()
  const all: number[] = []
  for (let i = 0; i < rounds; i++) all.push(await timed(() => must(loadSafetensors(large, { names: ['W63'] }))))
  const [spent, fetched] = [median(all), (readBytes() - before) / rounds]
  console.log(
    `\none tensor of ${digits(size / 2 ** 20)} MiB by name from ${digits(statSync(large).size / 2 ** 20)} MiB: ${digits(fetched / 2 ** 20)} MiB read in ${digits(1e3 * spent)} ms`,
  )
  console.log(`\n${saveResult('files', { seconds, read: fetched, size })}`)
} finally {
  rmSync(folder, { recursive: true })
}

/** The bytes that this process has read so far, as the kernel counts them. */
function readBytes(): number {
  return Number(/^rchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? Number.NaN)
}
