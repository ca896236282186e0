// Changed files are read here as NumPy and onnx read them, to the bit, or it is known why not. Some hundred of each kind
// in the suite; for ten minutes of each, with another seed,
// FUZZ_SECONDS=600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/differential.ts
import { join } from 'node:path'
import { type AnyTensor, toTypedArray } from 'pullback'
import { decodeNpy, decodeNpz } from 'pullback/numpy'
import { fromOnnx } from 'pullback/onnx'
import tap, { type Test } from 'tap'
import * as E from '#fp/Either'
import { pick, type Source, source } from '../arbitrary/numbers.ts'
import { differences } from '../support/fuzz/differences.ts'
import { base64 } from '../support/fuzz/fuzz.ts'
import { npyChanged, npySeeds, npyWithNumbers } from '../support/fuzz/npy.ts'
import { npzChanged, npzSeeds } from '../support/fuzz/npz.ts'
import { modelChanged, modelSeeds } from '../support/fuzz/onnx.ts'
import { fromPython, withoutPython } from '../support/python.ts'
import { root } from '../support/run.ts'

/** An array as little-endian numbers in rows, in base64. */
interface Numbers {
  readonly format: string
  readonly shape: readonly number[]
  readonly data: string
}
type Read = { readonly arrays: { readonly [name: string]: Numbers } } | { readonly error: string }

const formats = { float64: '<f8', float32: '<f4', int32: '<i4' }
const numbersOf = (x: AnyTensor): Numbers => {
  const { buffer, byteOffset, byteLength } = toTypedArray(x)
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  return { format: formats[x.dtype], shape: [...x.shape], data: base64(bytes) }
}
const read = (
  found: E.Either<{ readonly reason: string; readonly message: string }, { readonly [name: string]: AnyTensor }>,
): Read =>
  E.isLeft(found)
    ? { error: `${found.left.reason}: ${found.left.message}` }
    : { arrays: Object.fromEntries(Object.entries(found.right).map(([name, x]) => [name, numbersOf(x)])) }

/** How files of a kind are made, and read here. */
interface Kind {
  readonly seeds: (next: Source) => readonly Uint8Array[]
  readonly change: (next: Source, bytes: Uint8Array) => Uint8Array
  readonly read: (bytes: Uint8Array) => Read
}
const kinds: { readonly [name in 'npy' | 'npz' | 'onnx']: Kind } = {
  npy: {
    seeds: (next) => [...npySeeds, ...npyWithNumbers(next)],
    change: npyChanged,
    read: (bytes) => read(E.map((x: AnyTensor) => ({ '': x }))(decodeNpy(bytes))),
  },
  npz: { seeds: () => npzSeeds, change: npzChanged, read: (bytes) => read(decodeNpz(bytes)) },
  onnx: {
    seeds: () => modelSeeds,
    change: modelChanged,
    read: (bytes) => read(E.map(() => ({}))(fromOnnx(bytes, { limits: { numbers: 20_000 } }))),
  },
}

const outcome = (found: Read): string => ('error' in found ? found.error : 'read')
/** What was read, as a text. */
const text = (found: Read): string =>
  JSON.stringify('error' in found ? [] : Object.entries(found.arrays).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Files that are changed up to four times, and each changed in turn. */
const filesOf = ({ seeds, change }: Kind, next: Source, count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, () => {
    let file = pick(next, seeds(next))
    for (let n = pick(next, [0, 1, 1, 1, 2, 4]); n > 0; n--) file = change(next, file)
    return file
  })

/** Compares some hundred files, or as many as FUZZ_SECONDS allow: how many, how many were read, and all differences. */
const compared = async (t: Test, kind: keyof typeof kinds, count: number): Promise<void> => {
  const [next, seconds] = [source(Number(process.env.FUZZ_SEED ?? 1)), Number(process.env.FUZZ_SECONDS ?? 0)]
  for (const test of [tap, t]) test.setTimeout(1000 * (3 * seconds + 60))
  const end = Date.now() + 1000 * seconds
  const seen = new Map<string, number>()
  const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1)
  let [tried, wrong] = [0, 0]
  do {
    const files = filesOf(kinds[kind], next, count)
    const input = JSON.stringify(files.map(base64))
    const theirs = fromPython<Read>([join(root, 'spec/interop/differential.py'), kind], input)
    t.equal(theirs.length, files.length)
    for (const [i, file] of files.entries()) {
      const [mine, its] = [kinds[kind].read(file), theirs[i] as Read]
      const [ours, other] = [outcome(mine), outcome(its)]
      const known = differences[kind].find((d) => d.ours.test(ours) && d.theirs.test(other))
      tried++
      if (ours === 'read' && other === 'read' && text(mine) === text(its)) note('both read')
      else if (ours !== 'read' && other !== 'read') note('both refuse')
      else if (known !== undefined) note(known.why)
      else {
        wrong++
        t.fail('a difference that is not known', { ours, theirs: other, file: base64(file) })
      }
    }
  } while (Date.now() < end && wrong < 5)
  t.comment(`${tried} files: ${[...seen].map(([what, n]) => `${what} ${n}`).join(', ')}`)
  t.ok((seen.get('both read') ?? 0) > tried / 40, 'some are sound')
}

for (const [kind, module, count] of [
  ['npy', 'numpy', 300],
  ['npz', 'numpy', 200],
  ['onnx', 'onnx', 200],
] as const)
  tap.test(`${kind}, here and in Python`, { skip: withoutPython(module) }, (t) => compared(t, kind, count))
