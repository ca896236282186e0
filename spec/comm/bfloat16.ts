// Gradients in half the bytes: rounded once on each rank, summed in float32.
import fc from 'fast-check'
import { allReduce, approxEqual, fromArray, random, type Tensor, toTypedArray } from 'pullback'
import t from 'tap'
import { toBfloat16 } from '../../lib/comm/bfloat16.ts'
import { alike } from '../support/alike.ts'
import { check } from '../support/property.ts'

/** The number with the upper half of the bits of one of 32. */
const numberOf = (half: number): number => new Float32Array(Uint32Array.of(half << 16).buffer)[0] as number
const rounded = (x: number): number => numberOf(toBfloat16(Float32Array.of(x))[0] as number)

t.test('rounding is to nearest, halves to even', async (t) => {
  const cases = [
    [1, 1],
    [-0, -0],
    [1 + 2 ** -8, 1],
    [1 + 3 * 2 ** -8, 1 + 2 ** -6],
    [1 + 2 ** -8 + 2 ** -20, 1 + 2 ** -7],
    [3.4e38, Infinity],
    [-Infinity, -Infinity],
    [2 ** -149, 0],
    [2 ** -133, 2 ** -133],
  ] as const
  for (const [x, y] of cases) t.ok(Object.is(rounded(x), y), `${x}`)
  t.ok(Number.isNaN(rounded(Number.NaN)))
  t.ok(Number.isNaN(numberOf(toBfloat16(new Float32Array(Uint32Array.of(0x7f800001).buffer))[0] as number)))
})

t.test('no other of its numbers is nearer', async () =>
  check(
    fc.float({ noNaN: true, min: -(2 ** 100), max: 2 ** 100 }),
    (x) => {
      const half = toBfloat16(Float32Array.of(x))[0] as number
      return [half - 1, half + 1].every((other) => {
        const y = numberOf(other & 0xffff)
        return !Number.isFinite(y) || Math.abs(y - x) >= Math.abs(numberOf(half) - x)
      })
    },
    500,
  ),
)

t.test('sums and means of float32; other formats and maxima are sent whole', async (t) => {
  const comm = alike(3)
  const x = random.normal(random.key(1), [300])
  const [sum, mean] = (['sum', 'mean'] as const).map((by) => allReduce(comm, x, by, { compress: 'bfloat16' }))
  t.ok(approxEqual(mean as Tensor, x, { relative: 2 ** -8 }))
  t.same(
    [...toTypedArray(sum as Tensor)],
    [...toTypedArray(x)].map((v) => Math.fround(Math.fround(2 * rounded(v)) + rounded(v))),
  )
  const double = fromArray([1 + 2 ** -40], [1], 'float64')
  t.equal(toTypedArray(allReduce(comm, double, 'sum', { compress: 'bfloat16' }))[0], 3 * (1 + 2 ** -40))
  t.same(toTypedArray(allReduce(comm, x, 'max', { compress: 'bfloat16' })), toTypedArray(x))
  t.throws(() => allReduce(comm, x, 'sum', { compress: 'float16' as never }), /expected 'bfloat16', or no compression/)
})
