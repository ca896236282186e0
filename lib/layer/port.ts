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

/** Checks that a minibatch is one for a port: [batch, ...port], or a record of such. */
export const checkPort = (op: string, port: unknown, x: unknown): void => {
  if (port === any) return
  if (Array.isArray(port)) {
    if (!isTensor(x)) throw notATensor(op, x)
    if (x.shape.length !== port.length + 1 || port.some((n, i) => n !== x.shape[i + 1]))
      throw new ShapeError({ op, expected: showShape(['batch', ...port]), actual: showShape(x.shape) })
    return
  }
  for (const [name, inner] of Object.entries(port as Ports)) {
    if (typeof x !== 'object' || x === null || !Object.hasOwn(x, name))
      throw new StructureError({ op, expected: `an input with the name '${name}'`, actual: describe(x) })
    within(name, () => checkPort(op, inner, (x as Record<string, unknown>)[name]))
  }
}

/** A minibatch of no examples at a port: enough to find out shapes. */
export const emptyBatch = (port: Port, dtype: Float = 'float32'): Tree =>
  Array.isArray(port)
    ? zeros([0, ...(port as Shape)], dtype)
    : Object.fromEntries(Object.entries(port as Ports).map(([name, p]) => [name, emptyBatch(p, dtype)]))

/** The shapes of one example of a minibatch, as text. */
export const showExample = (x: Tree): string =>
  isTensor(x)
    ? showShape(x.shape.slice(1))
    : `{ ${Object.entries(x)
        .map(([name, t]) => `${name}: ${showExample(t as Tree)}`)
        .join(', ')} }`
