import { ShapeError, StructureError, within } from '../error/tensorError.ts'
import { zeros } from '../tensor/create.ts'
import { describe, indexDType, notATensor } from '../tensor/data.ts'
import { showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import { fixed } from '../tree/fixed.ts'
import { checkName } from '../tree/name.ts'
import { isBranch, type Tree } from '../tree/tree.ts'
import type { Columns, Ints, Port } from '../type/port.ts'
import type { AnyTensor, Float, Shape } from '../type/tensor.ts'
import { any } from './layer.ts'

type Ports = { readonly [name: string]: Port }

const columns = Symbol('columns')
const ints = Symbol('ints')
type Tag = typeof columns | typeof ints
const tagged = <P>(tag: Tag, shape: Shape): P => ({ [tag]: shape }) as P
const shapeUnder = (tag: Tag, port: unknown): Shape | undefined => (port as { readonly [t in Tag]?: Shape })[tag]

/** The run-time port of examples that are columns. */
export const columnsOf = <S extends Shape>(shape: S): Columns<S> => tagged(columns, shape)
const columnShape = (port: unknown): Shape | undefined => shapeUnder(columns, port)

/**
 * The port of whole numbers, an int32 tensor: class labels, tokens, positions. −1 stands for any size. Sizes that are not
 * whole numbers from −1 are a `StructureError`.
 *
 * @example
 * import { compose, embedding, init, input, int, key, predict, zeros } from 'pullback'
 * const layer = compose(input(int([12])), embedding(100, 8))
 * predict(layer, init(layer, key(0)), zeros([5, 12], 'int32')).shape // => [5, 12, 8]
 */
export const int = <const S extends Shape>(shape: S): Ints<S> => {
  portOf('int', shape)
  return intsOf(shape)
}
/** The run-time port of whole numbers. */
export const intsOf = <S extends Shape>(shape: S): Ints<S> => fixed(tagged<Ints<S>>(ints, shape))
/** The port of whole numbers of any shape. */
export const anyInts: Ints = /* @__PURE__ */ tagged<Ints>(ints, any as never)
/** The shape of an example of whole numbers at a port; undefined at another port, and where any shape will do. */
export const intShape = (port: unknown): Shape | undefined => (port === anyInts ? undefined : shapeUnder(ints, port))

/**
 * Checks a port and copies it, so that later changes by the caller have no effect. Sizes are integers, −1 for any;
 * anything else is an error that says what a port is.
 */
export const portOf = <I>(op: string, port: I): I => {
  if ((port as unknown) === any) return port
  const shape = Array.isArray(port)
    ? (port as Shape)
    : isBranch(port)
      ? (columnShape(port) ?? intShape(port))
      : undefined
  const sized = shape?.every((n) => Number.isSafeInteger(n) && n >= -1)
  if (sized === false || (shape === undefined && (!isBranch(port) || Object.keys(port).length === 0)))
    throw new StructureError({
      op,
      expected: 'the sizes of one example, as in [28, 28, 1], or a record of such',
      actual: Array.isArray(port) ? showShape(port) : describe(port),
      code: 'bad-shape',
      remedy: typeof port === 'number' ? `give the sizes as a list: [${port}]` : undefined,
    })
  for (const [name, part] of shape === undefined ? Object.entries(port as Ports) : []) {
    checkName(op, name)
    within(name, () => portOf(op, part))
  }
  return fixed(port)
}

/**
 * True if a tensor has the sizes of a port. −1 stands for any size, and the batch is the first axis or the last one.
 */
const hasShape = (port: Shape, x: AnyTensor, first: 0 | 1): boolean => {
  if (x.shape.length !== port.length + 1) return false
  for (let i = 0; i < port.length; i++) if (port[i] !== -1 && port[i] !== x.shape[i + first]) return false
  return true
}

/** The number of examples at a port, which tensors of any shape do not tell. */
const examplesIn = (port: unknown, x: unknown): number | undefined => {
  if (port === any) return undefined
  if (isTensor(x)) return x.shape.at(columnShape(port) === undefined ? 0 : -1)
  const counts = Object.entries(port as Ports).map(([name, part]) => examplesIn(part, (x as Ports)[name]))
  return counts.find((count) => count !== undefined)
}

/**
 * Checks that a minibatch fits a port: [batch, ...port], or a record of such tensors, which have as many examples each.
 * −1 stands for any size.
 */
export const checkPort = (op: string, port: unknown, x: unknown): void => {
  if (port === any) return
  if (port === anyInts) {
    indexDType(op, x as AnyTensor)
    return
  }
  const [column, whole] = [columnShape(port), intShape(port)]
  const shape = Array.isArray(port) ? (port as Shape) : (column ?? whole)
  if (shape !== undefined) {
    if (!isTensor(x)) throw notATensor(op, x)
    if (whole !== undefined) indexDType(op, x)
    if (hasShape(shape, x, column === undefined ? 1 : 0)) return
    const sizes = shape.map((n) => (n === -1 ? 'any' : n))
    const expected = showShape(column === undefined ? ['batch', ...sizes] : [...sizes, 'batch'])
    throw new ShapeError({ op, expected, actual: showShape(x.shape) })
  }
  const names = Object.keys(port as Ports)
  const given = isBranch(x) ? Object.keys(x) : []
  if (given.length !== names.length || names.some((name) => !given.includes(name)))
    throw new StructureError({
      op,
      expected: `an input with the names ${names.join(', ')}`,
      actual: describe(x),
      code: 'structure-mismatch',
    })
  let first: { readonly name: string; readonly count: number } | undefined
  for (const name of names)
    within(name, () => {
      const [own, part] = [(port as Ports)[name], (x as Ports)[name]]
      checkPort(op, own, part)
      const count = examplesIn(own, part)
      if (count === undefined) return
      first ??= { name, count }
      if (count !== first.count)
        throw new ShapeError({
          op,
          expected: `${first.count} examples, as '${first.name}' has`,
          actual: isTensor(part) ? showShape(part.shape) : `${count}`,
          code: 'batch-mismatch',
        })
    })
}

/** The port that satisfies two ports at once; −1 and `any` agree with everything. */
export const meet = (a: Port, b: Port, refuse: () => never): Port => {
  if ((a as unknown) === any) return b
  if ((b as unknown) === any) return a
  if (a === anyInts || b === anyInts) {
    const other = a === anyInts ? b : a
    return other === anyInts || intShape(other) !== undefined ? other : refuse()
  }
  if (Array.isArray(a) !== Array.isArray(b)) return refuse()
  for (const tag of [columns, ints] as const) {
    const [c, d] = [shapeUnder(tag, a), shapeUnder(tag, b)]
    if (c !== undefined && d !== undefined) return tagged(tag, meet(c, d, refuse) as Shape)
    if (c !== undefined || d !== undefined) return refuse()
  }
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length || names.some((name) => !Object.hasOwn(b, name))) return refuse()
  if (Array.isArray(a)) {
    const [m, n] = [a as Shape, b as Shape]
    return m.map((size, i) => (size === -1 || size === n[i] ? (n[i] as number) : n[i] === -1 ? size : refuse()))
  }
  return Object.fromEntries(
    names.map((name) => [name, meet((a as Ports)[name] as Port, (b as Ports)[name] as Port, refuse)]),
  )
}

/** True if a port, or one within it, belongs to examples that are columns. */
export const hasColumns = (port: unknown): boolean =>
  port !== any &&
  !Array.isArray(port) &&
  (columnShape(port) !== undefined || Object.values(port as Ports).some(hasColumns))

/** True if all sizes of a port are known. */
const isKnown = (port: Port): boolean =>
  (port as unknown) !== any &&
  port !== anyInts &&
  (Array.isArray(port)
    ? !port.includes(-1)
    : isKnown(columnShape(port) ?? intShape(port) ?? []) && Object.values(port as Ports).every(isKnown))

const empty = (port: Port, dtype: Float): Tree => {
  if (Array.isArray(port)) return zeros([0, ...(port as Shape)], dtype)
  const column = columnShape(port)
  if (column !== undefined) return zeros([...column, 0], dtype)
  const whole = intShape(port)
  if (whole !== undefined) return zeros([0, ...whole], 'int32')
  return Object.fromEntries(Object.entries(port as Ports).map(([name, p]) => [name, empty(p, dtype)]))
}

/** An empty minibatch for a port, enough to find the shapes of a network. It is undefined if a size is unknown. */
export const emptyBatch = (port: Port, dtype: Float = 'float32'): Tree | undefined =>
  isKnown(port) ? empty(port, dtype) : undefined

/** The shapes of one example of a minibatch, as text. */
export const showExample = (x: Tree): string =>
  isTensor(x)
    ? showShape(x.shape.slice(1))
    : `{ ${Object.entries(x)
        .map(([name, t]) => `${name}: ${showExample(t as Tree)}`)
        .join(', ')} }`
