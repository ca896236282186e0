// Kernels on each entry, of one tensor or of two of one shape. They keep the order of the axes that they are given.

import type { AnyMapName, AnyZipName } from '../../op/elementwise/kernels.ts'
import type { DType } from '../../type/tensor.ts'
import { codes } from '../dataType.ts'
import type { Builder } from './builder.ts'
import { type Call, dtypeAt, viewAt, type Writer, type Writers } from './kernel.ts'
import { permuted, refined } from './layout.ts'
import type { OpenView } from './record.ts'
import { type Size, same } from './size.ts'
import { type Held, inRows, isInOrder, isWhole, NoLayout, rowsOf, type Tensors } from './tensors.ts'

type Map = (g: Builder, x: string, p: number, dtype: DType) => string
type Zip = (g: Builder, x: string, y: string, p: number, dtype: DType) => string

const by =
  (op: string): Map =>
  (g, x, p, dtype) =>
    g.node(op, [x, g.scalar(p, dtype)])
const plain =
  (op: string): Map =>
  (g, x) =>
    g.node(op, [x])

/** x · f(x). */
const gated = (g: Builder, x: string, gate: string): string => g.node('Mul', [x, gate])
const cdf: Map = (g, x, _, dtype) => {
  const erf = g.node('Erf', [g.node('Mul', [x, g.scalar(Math.SQRT1_2, dtype)])])
  return g.node('Mul', [g.node('Add', [erf, g.scalar(1, dtype)]), g.scalar(0.5, dtype)])
}
const geluTanh: Map = (g, x, _, dtype) => {
  const [one, cubic] = [g.scalar(1, dtype), g.scalar(0.044715, dtype)]
  const square = g.node('Mul', [g.node('Mul', [x, x]), cubic])
  const u = g.node('Mul', [g.node('Mul', [x, g.node('Add', [square, one])]), g.scalar(Math.sqrt(2 / Math.PI), dtype)])
  return g.node('Mul', [gated(g, x, g.node('Add', [g.node('Tanh', [u]), one])), g.scalar(0.5, dtype)])
}
/** log(1 + exp(p x)) / p. */
const softplus: Map = (g, x, p, dtype) => {
  if (p === 1) return g.node('Softplus', [x])
  const scaled = p === -1 ? g.node('Neg', [x]) : g.node('Mul', [x, g.scalar(p, dtype)])
  const y = g.node('Softplus', [scaled])
  return p === -1 ? g.node('Neg', [y]) : g.node('Div', [y, g.scalar(p, dtype)])
}

/** Truth values as 1 and 0. */
const asFloat = (g: Builder, x: string, dtype: DType): string => g.node('Cast', [x], { to: codes[dtype] })

const maps: Readonly<Partial<Record<AnyMapName, Map>>> = {
  neg: plain('Neg'),
  exp: plain('Exp'),
  log: plain('Log'),
  sqrt: plain('Sqrt'),
  tanh: plain('Tanh'),
  sigmoid: plain('Sigmoid'),
  relu: plain('Relu'),
  erf: plain('Erf'),
  abs: plain('Abs'),
  floor: plain('Floor'),
  round: plain('Round'),
  sin: plain('Sin'),
  cos: plain('Cos'),
  log1p: (g, x, _, dtype) => g.node('Log', [g.node('Add', [x, g.scalar(1, dtype)])]),
  expm1: (g, x, _, dtype) => g.node('Sub', [g.node('Exp', [x]), g.scalar(1, dtype)]),
  scale: by('Mul'),
  shift: by('Add'),
  atLeast: by('Max'),
  atMost: by('Min'),
  below: (g, x, p, dtype) => asFloat(g, g.node('Less', [x, g.scalar(p, dtype)]), dtype),
  leakyRelu: (g, x, p) => g.node('LeakyRelu', [x], { alpha: { float: p } }),
  elu: (g, x, p) => g.node('Elu', [x], { alpha: { float: p } }),
  softplus,
  normalCdf: cdf,
  silu: (g, x) => gated(g, x, g.node('Sigmoid', [x])),
  gelu: (g, x, p, dtype) => (g.opset >= 20 ? g.node('Gelu', [x]) : gated(g, x, cdf(g, x, p, dtype))),
  geluTanh: (g, x, p, dtype) =>
    g.opset >= 20 ? g.node('Gelu', [x], { approximate: 'tanh' }) : geluTanh(g, x, p, dtype),
  mish: (g, x) => (g.opset >= 18 ? g.node('Mish', [x]) : gated(g, x, g.node('Tanh', [g.node('Softplus', [x])]))),
}

const pair =
  (op: string): Zip =>
  (g, x, y) =>
    g.node(op, [x, y])

/** a where the condition holds, else b. */
const where = (g: Builder, x: string, p: number, dtype: DType, a: string, b: string): string =>
  g.node('Where', [g.node('Greater', [x, g.scalar(p, dtype)]), a, b])

const zips: Readonly<Partial<Record<AnyZipName, Zip>>> = {
  add: pair('Add'),
  sub: pair('Sub'),
  mul: pair('Mul'),
  div: pair('Div'),
  maximum: pair('Max'),
  minimum: pair('Min'),
  greater: (g, x, y, _, dtype) => asFloat(g, g.node('Greater', [x, y]), dtype),
  greaterEqual: (g, x, y, _, dtype) => asFloat(g, g.node('GreaterOrEqual', [x, y]), dtype),
  maskAbove: (g, d, x, p, dtype) => where(g, x, p, dtype, d, g.scalar(0, dtype)),
  maskLeaky: (g, d, x, p, dtype) => where(g, x, 0, dtype, d, g.node('Mul', [d, g.scalar(p, dtype)])),
  addScaled: (g, x, y, p, dtype) => g.node('Add', [x, g.node('Mul', [y, g.scalar(p, dtype)])]),
  prelu: (g, x, y, _, dtype) => where(g, x, 0, dtype, x, g.node('Mul', [x, y])),
}

/** The views as tensors that repeat to one shape, in the order of axes of the first that is turned, and how they lie. */
const aligned = (
  tensors: Tensors,
  views: readonly OpenView[],
): { readonly names: readonly string[]; readonly held: Omit<Held, 'name'> } => {
  const [first] = views as readonly [OpenView]
  const turned = views.flatMap((view) => {
    const held = tensors.held(view)
    return held !== undefined && isWhole(view) && !isInOrder(held) ? [held] : []
  })
  for (const held of turned) {
    const finer = views.map((view) => refined(view, rowsOf(held)))
    if (finer.includes(undefined)) continue
    const inverse = held.order.map((_, i) => held.order.indexOf(i))
    return {
      names: finer.map((view) => tensors.of(permuted(view as OpenView, inverse))),
      held: { dims: held.dims, order: held.order },
    }
  }
  const [only] = views.length === 1 && isWhole(first) ? [tensors.held(first)] : []
  if (only !== undefined) return { names: [only.name], held: only }
  const names = views.map((view) => tensors.of(view))
  const isFull = first.shape.every((n, i) => views.some((view) => same(tensors.dims(view)[i] as Size, n)))
  return { names: isFull ? names : [tensors.of(first, true), ...names.slice(1)], held: inRows('', first.shape) }
}

/** A kernel by the function that it applies, on its first views. */
const applied =
  (table: Readonly<Record<string, Map | Zip | undefined>>, count: 1 | 2): Writer =>
  (call: Call) => {
    const [f] = call.args as readonly [string]
    const write = Object.hasOwn(table, f) ? table[f] : undefined
    if (write === undefined) throw new NoLayout('a function that ONNX does not have')
    const p = call.args[count + 1] ?? 0
    if (typeof p !== 'number') throw new NoLayout('a number that depends on the size of the batch')
    const views = Array.from({ length: count }, (_, i) => viewAt(call, i + 1))
    const { names, held } = aligned(call.tensors, views)
    const dtype = dtypeAt(call, 1)
    const [x = '', y = ''] = names
    const name = count === 1 ? (write as Map)(call.g, x, p, dtype) : (write as Zip)(call.g, x, y, p, dtype)
    return [{ ...held, name }]
  }

export const entrywise: Writers = { map: applied(maps, 1), zip: applied(zips, 2) }
