// What holds for every communicator: each rank runs these laws, in this order, and a law that is broken throws.
import assert from 'node:assert/strict'
import type { Communicator, Reducible, Reduction } from 'pullback'

type Law = (c: Communicator) => void

const formats = [Float32Array, Float64Array, Int32Array] as const
const lengths = [0, 1, 7, 1000, 100_000] as const
const reductions = ['sum', 'max'] as const

const bytesOf = ({ buffer, byteOffset, byteLength }: Reducible): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** Numbers that differ from rank to rank and from seed to seed: whole ones from −1000 to 1000, divided. */
const fill = <A extends Reducible>(numbers: A, rank: number, seed: number, divisor = 1): A => {
  let state = (rank + 1) * 7919 + seed
  for (let i = 0; i < numbers.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    numbers[i] = (((state >>> 8) % 2001) - 1000) / divisor
  }
  return numbers
}

/** What each rank has, from its bytes. */
const gathered = <A extends Reducible>(c: Communicator, numbers: A): readonly A[] => {
  const Format = numbers.constructor as new (buffer: ArrayBufferLike) => A
  return c.allGather(bytesOf(numbers)).map((bytes) => new Format(bytes.slice().buffer))
}

const combined = (all: readonly Reducible[], by: Reduction): Reducible => {
  const [first, ...others] = all.map((numbers) => numbers.slice())
  for (const numbers of others)
    numbers.forEach((x, i) => {
      const y = (first as Reducible)[i] as number
      ;(first as Reducible)[i] = by === 'sum' ? x + y : Math.max(x, y)
    })
  return first as Reducible
}

/** A reduction of these numbers gives what a loop over the ranks gives. */
const reduces = (c: Communicator, numbers: Reducible, by: Reduction, reduce: (numbers: Reducible) => void): void => {
  const expected = combined(gathered(c, numbers), by)
  reduce(numbers)
  assert.deepEqual(numbers.slice(), expected, `${by} of ${numbers.length} in ${numbers.constructor.name}`)
}

const views = (): readonly Float32Array[] => {
  const own = new WebAssembly.Memory({ initial: 1 })
  const shared = new WebAssembly.Memory({ initial: 1, maximum: 10, shared: true })
  own.grow(1)
  shared.grow(1)
  return [own, shared].flatMap(({ buffer }) => [
    new Float32Array(buffer, 64, 1001),
    new Float32Array(buffer, 80_000, 3),
  ])
}

/** The laws by what they say. */
export const laws: Readonly<Record<string, Law>> = {
  'a rank is one of the group': ({ rank, size }) => {
    assert.ok(Number.isInteger(rank) && rank >= 0 && rank < size)
  },
  'bytes of all ranks are gathered by rank, of whatever lengths': (c) => {
    for (const lengthOf of [(r: number) => 5 * r, (r: number) => 3 - r, () => 0, (r: number) => 100_000 + r]) {
      const of = (r: number): Uint8Array => new Uint8Array(Math.max(0, lengthOf(r))).fill(r + 1)
      const all = c.allGather(of(c.rank))
      assert.deepEqual(
        all,
        Array.from({ length: c.size }, (_, r) => of(r)),
      )
      for (const bytes of all) assert.equal(bytes.byteOffset, 0, 'each in a buffer of its own')
    }
  },
  'the bytes of any rank come to all, who need not know how many': (c) => {
    for (let from = 0; from < c.size; from++)
      for (const length of [0, 1, 1000, 100_000]) {
        const mine = new Uint8Array(c.rank === from ? length : c.rank).fill(c.rank + 1)
        const found = c.broadcast(mine, from)
        assert.deepEqual(found, new Uint8Array(length).fill(from + 1))
        assert.notEqual(found.buffer, mine.buffer)
      }
  },
  'reductions are those of a loop over the ranks': (c) => {
    for (const Format of formats)
      for (const length of lengths)
        for (const by of reductions)
          reduces(c, fill(new Format(length), c.rank, length), by, (numbers) => c.allReduce(numbers, by))
  },
  'sums of fractions are near those of a loop, and have the same bits on all ranks': (c) => {
    for (const length of lengths) {
      const numbers = fill(new Float32Array(length), c.rank, length, 999)
      const expected = combined(gathered(c, numbers), 'sum')
      c.allReduce(numbers, 'sum')
      numbers.forEach((x, i) => {
        assert.ok(Math.abs(x - (expected[i] as number)) < 1e-6 * c.size)
      })
      const [first, ...others] = c.allGather(bytesOf(numbers))
      for (const other of others) assert.deepEqual(other, first)
    }
  },
  'numbers in WebAssembly memory are reduced where they are, and nothing beside them changes': (c) => {
    for (const view of views()) {
      reduces(c, fill(view, c.rank, view.length), 'sum', (numbers) => c.allReduce(numbers, 'sum'))
      reduces(c, fill(view, c.rank, view.length), 'max', (numbers) => c.begin(numbers, 'max')())
      const whole = new Float32Array(view.buffer)
      const at = view.byteOffset / 4
      assert.ok([...whole.subarray(0, at), ...whole.subarray(at + view.length)].every((x) => x === 0))
      view.fill(0)
    }
  },
  'reductions may be under way together, and other calls between them': (c) => {
    const many = lengths.flatMap((length) => formats.map((Format, i) => fill(new Format(length), c.rank, length + i)))
    const expected = many.map((numbers, i) => combined(gathered(c, numbers), reductions[i % 2] as Reduction))
    const ends = many.map((numbers, i) => c.begin(numbers, reductions[i % 2] as Reduction))
    reduces(c, fill(new Float64Array(5), c.rank, 5), 'sum', (numbers) => c.allReduce(numbers, 'sum'))
    for (const end of ends) end()
    many.forEach((numbers, i) => {
      assert.deepEqual(numbers, expected[i])
    })
  },
  'no rank passes a barrier before all have come': (c) => {
    c.barrier()
    const before = Date.now()
    if (c.rank === c.size - 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    c.barrier()
    assert.ok(c.size === 1 || Date.now() - before >= 80)
  },
}
