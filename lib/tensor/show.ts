import type { Show } from '#fp/Show'
import type { AnyTensor, Shape } from '../type/tensor.ts'
import { checkTensor } from './data.ts'
import { type Held, isReleased } from './released.ts'
import { numbersOf } from './resident.ts'
import { showShape } from './shape.ts'

const edge = 3 // entries shown at either end of a shortened axis
const whole = 1000 // tensors up to this size are shown in full

/** The format of some numbers: plain decimals where four of them suffice, else powers of ten. */
const formatOf = (xs: readonly number[]): ((x: number) => string) => {
  const finite = xs.filter(Number.isFinite)
  if (finite.every(Number.isInteger) && finite.every((x) => Math.abs(x) < 1e8)) return String
  const sizes = finite.filter((x) => x !== 0).map(Math.abs)
  if (sizes.some((x) => x >= 1e5 || x < 1e-4)) return (x) => (Number.isFinite(x) ? x.toExponential(4) : String(x))
  const decimals = finite.map((x) => x.toFixed(4).replace(/0+$/, '').split('.')[1]?.length ?? 0)
  const places = decimals.reduce((a, b) => Math.max(a, b), 0)
  return (x) => (Number.isFinite(x) ? x.toFixed(places) : String(x))
}

/** The indices of an axis to show; −1 stands for those left out. */
const shown = (length: number, elide: boolean): readonly number[] =>
  elide && length > 2 * edge
    ? [...Array(edge).keys(), -1, ...Array.from(Array(edge).keys(), (i) => length - edge + i)]
    : [...Array(length).keys()]

const text = (t: AnyTensor): string => {
  checkTensor('showTensor', t)
  const head = `${t.dtype} ${showShape(t.shape)}`
  const { boxed } = t as { readonly boxed?: string }
  if (boxed !== undefined) return `${boxed} ${head}`
  if (t.size === 0) return head
  if (isReleased(t as unknown as Held)) return `released ${head}`
  const { shape, stride, offset, size } = t
  const buffer = numbersOf((t as unknown as Held).buffer)
  const rows = shape.map((n) => shown(n, size > whole))
  const numbers: number[] = []
  const visit = (axis: number, p: number): void => {
    if (axis === shape.length) numbers.push(buffer[p] as number)
    else for (const i of rows[axis] as Shape) if (i >= 0) visit(axis + 1, p + i * (stride[axis] as number))
  }
  visit(0, offset)
  const format = formatOf(numbers)
  const width = numbers.reduce((w, x) => Math.max(w, format(x).length), 0)
  const write = (axis: number, p: number): string => {
    if (axis === shape.length) return format(buffer[p] as number).padStart(width)
    const parts = (rows[axis] as Shape).map((i) => (i < 0 ? '…' : write(axis + 1, p + i * (stride[axis] as number))))
    const inner = shape.length - axis - 1
    return `[${parts.join(inner === 0 ? ', ' : `,${'\n'.repeat(inner)}${' '.repeat(axis + 1)}`)}]`
  }
  return shape.length === 0 ? `${head} ${write(0, offset)}` : `${head}\n${write(0, offset)}`
}

/**
 * Converts a tensor to text, an fp-ts `Show`: number format, shape and numbers. Tensors of more than 1000 entries show
 * the first and the last three along each axis. A traced or mapped tensor shows its format and shape.
 *
 * @example
 * import { showTensor, zeros } from 'pullback'
 * showTensor.show(zeros([2])) // => 'float32 [2]\n[0, 0]'
 */
export const showTensor: Show<AnyTensor> = { show: text }
