import { ShapeError, StructureError, within } from '../error/tensorError.ts'
import { zeros } from '../tensor/create.ts'
import { describe, notATensor } from '../tensor/data.ts'
import { showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import type { Tree } from '../tree/tree.ts'
import type { Port } from '../type/port.ts'
import type { Float, Shape } from '../type/tensor.ts'
import { any } from './layer.ts'

type Ports = { readonly [name: string]: Port }

/** Checks that a minibatch is one for a port: [batch, ...port], or a record of such. −1 stands for any size. */
export const checkPort = (op: string, port: unknown, x: unknown): void => {
  if (port === any) return
  if (Array.isArray(port)) {
    if (!isTensor(x)) throw notATensor(op, x)
    if (x.shape.length !== port.length + 1 || port.some((n, i) => n !== -1 && n !== x.shape[i + 1]))
      throw new ShapeError({
        op,
        expected: showShape(['batch', ...port.map((n) => (n === -1 ? 'any' : n))]),
        actual: showShape(x.shape),
      })
    return
  }
  for (const [name, inner] of Object.entries(port as Ports)) {
    if (typeof x !== 'object' || x === null || !Object.hasOwn(x, name))
      throw new StructureError({ op, expected: `an input with the name '${name}'`, actual: describe(x) })
    within(name, () => checkPort(op, inner, (x as Record<string, unknown>)[name]))
  }
}

/** Whether all sizes of a port are known. */
const isKnown = (port: Port): boolean =>
  (port as unknown) !== any && (Array.isArray(port) ? !port.includes(-1) : Object.values(port as Ports).every(isKnown))

const empty = (port: Port, dtype: Float): Tree =>
  Array.isArray(port)
    ? zeros([0, ...(port as Shape)], dtype)
    : Object.fromEntries(Object.entries(port as Ports).map(([name, p]) => [name, empty(p, dtype)]))

/** A minibatch of no examples at a port: enough to find out shapes. None where a size is not known. */
export const emptyBatch = (port: Port, dtype: Float = 'float32'): Tree | undefined =>
  isKnown(port) ? empty(port, dtype) : undefined

/** The shapes of one example of a minibatch, as text. */
export const showExample = (x: Tree): string =>
  isTensor(x)
    ? showShape(x.shape.slice(1))
    : `{ ${Object.entries(x)
        .map(([name, t]) => `${name}: ${showExample(t as Tree)}`)
        .join(', ')} }`
