// A graph of a file, made ready: constants computed, parameters told apart, every node that cannot be read listed.
import { FormatError } from '../../error/fileError.ts'
import type { Difference } from '../../error/issue.ts'
import { TensorError } from '../../error/tensorError.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { constantOf } from '../constant.ts'
import { arityOf } from '../operator/arity.ts'
import { operators, settings } from '../operator/table.ts'
import type { Message } from '../proto/fields.ts'
import type { Limits } from '../proto/limits.ts'
import type { Value } from '../value.ts'
import { wrong } from '../wrong.ts'
import { type Known, nodeOf } from './node.ts'
import { runStep, type Step } from './plan.ts'

/** A tensor of the file that training changes, or the running moments of a batch normalization. */
export interface Stored {
  readonly name: string
  readonly place: number
  readonly value: Value
  readonly isState: boolean
  /** True for kernels, which are kept with the channels last. */
  readonly isTurned: boolean
}

export interface Graph {
  readonly steps: readonly Step[]
  /** The values that are the same at each run, in their places. */
  readonly constants: readonly (readonly [place: number, value: Value])[]
  readonly stored: readonly Stored[]
  readonly inputs: readonly { readonly place: number; readonly message: Message<'ValueInfo'> }[]
  readonly outputs: readonly { readonly place: number; readonly message: Message<'ValueInfo'> }[]
}

const convolutions = ['Conv', 'ConvTranspose']

/** How an initializer is used: by which operators, as which input. */
const usesOf = (
  nodes: readonly Message<'Node'>[],
): ReadonlyMap<string, readonly (readonly [op: string, input: number])[]> => {
  const uses = new Map<string, (readonly [string, number])[]>()
  for (const { opType = '', input = [] } of nodes)
    input.forEach((name, i) => {
      const known = uses.get(name)
      if (known === undefined) uses.set(name, [[opType, i]])
      else known.push([opType, i])
    })
  return uses
}

/** The error for all nodes that cannot be read. */
const unsupported = (differences: readonly Difference[]): FormatError => {
  const shown = differences.slice(0, 20).map(({ message }) => message)
  const more = differences.length > shown.length ? `, and ${differences.length - shown.length} more` : ''
  return new FormatError({
    format: 'onnx',
    reason: 'Unsupported',
    expected: 'operators that are read',
    actual: `${shown.join(', ')}${more}`,
    differences,
    remedy: 'docs/files.md lists them',
  })
}

/** An error of a node that is computed while the file is read, as one of the file. */
const computed = <A>(name: string, f: () => A): A => {
  try {
    return f()
  } catch (e) {
    if (!(e instanceof TensorError || e instanceof TypeError || e instanceof RangeError)) throw e
    throw wrong('BadData', 'constants that fit the node', e.message, { entry: name })
  }
}

/** The nodes that lead to some values, by their indices. */
const leadingTo = (nodes: readonly Message<'Node'>[], names: readonly string[]): ReadonlySet<number> => {
  const [wanted, found] = [new Set(names), new Set<number>()]
  for (const [i, { input = [], output = [] }] of [...nodes.entries()].reverse())
    if (output.some((name) => wanted.has(name))) {
      found.add(i)
      for (const name of input) wanted.add(name)
    }
  return found
}

/** A graph with the outputs of the file, or with values of some names as its outputs. */
export const compileGraph = (
  graph: Message<'Graph'>,
  opset: number,
  limits: Limits,
  chosen: readonly string[] | undefined,
): Graph => {
  const places = new Map<string, number>()
  const known: Known[] = []
  const problems: Difference[] = []
  let isReading = true
  const define = (name: string, as: Known, what: string): number => {
    if (places.has(name)) throw wrong('DuplicateName', 'each value once', `'${name}' twice`, { entry: what })
    places.set(name, known.length)
    return known.push(as) - 1
  }
  let made = 0
  const room = (dims: readonly number[]): void => {
    if (isReading && made + sizeOf(dims) > limits.numbers)
      throw wrong('TooLarge', `constants of at most ${limits.numbers} numbers`, `${made + sizeOf(dims)}`)
  }

  const { node: nodes = [], initializer = [], input = [], valueInfo = [] } = graph
  const output = graph.output ?? []
  const named = new Map([...valueInfo, ...output].map((message) => [message.name, message]))
  const asked = chosen?.map((name) => named.get(name) ?? { name }) ?? output
  const leading = leadingTo(
    nodes,
    asked.map(({ name = '' }) => name),
  )
  const uses = usesOf(nodes)
  const stored: Stored[] = []
  for (const [i, tensor] of initializer.entries()) {
    const name = tensor.name ?? ''
    const value = constantOf(tensor, `graph.initializer[${i}]`)
    const as = uses.get(name) ?? []
    const isSetting = as.some(([op, at]) => settings.get(op)?.includes(at))
    const isStored = value.kind === 'float' && value.dims.length > 0 && as.length > 0 && !isSetting
    const place = define(name, isStored ? undefined : { constant: value }, `graph.initializer[${i}]`)
    const isState = as.every(([op, at]) => op === 'BatchNormalization' && at > 2)
    const isTurned = value.dims.length > 2 && as.every(([op, at]) => convolutions.includes(op) && at === 1)
    if (isStored) stored.push({ name, place, value, isState, isTurned })
  }
  const inputs = input
    .filter(({ name = '' }) => !places.has(name))
    .map((message, i) => ({ place: define(message.name ?? '', undefined, `graph.input[${i}]`), message }))

  /**
   * What is known of the inputs of a node. Small initializers beside numbers that are known are so too: they belong to
   * the arithmetic of sizes, and get a place of their own.
   */
  const settled = (from: number[]): readonly (Known | null)[] => {
    const small = from.map((place) => stored.find((s) => s.place === place && s.value.numbers !== undefined))
    const all = from.map((place) => (place < 0 ? null : known[place]))
    if (!all.includes('known') || !all.every((as, i) => as !== undefined || small[i] !== undefined)) return all
    return all.map((as, i) => {
      const found = small[i]
      if (found === undefined) return as
      from[i] = known.push({ constant: found.value }) - 1
      return { constant: found.value }
    })
  }

  const steps: Step[] = []
  const added = (message: Message<'Node'>, index: number): void => {
    const names = message.output ?? []
    const name = message.name || names[0] || `node[${index}]`
    const refuse = (why: string): void => {
      const domain = message.domain ? `${message.domain}.` : ''
      const what = `${domain}${message.opType} of '${name}' in opset ${opset}`
      problems.push({
        _tag: 'Unsupported',
        code: 'unsupported-format',
        path: name,
        message: why === '' ? what : `${what}: ${why}`,
      })
    }
    const from = (message.input ?? []).map((of) => {
      const place = of === '' ? -1 : places.get(of)
      if (place === undefined)
        throw wrong('MissingName', 'inputs that come before the node', `'${of}', which does not`, { entry: name })
      return place
    })
    if (!leading.has(index)) {
      for (const of of names) if (of !== '') define(of, undefined, name)
      return
    }
    const operator = message.domain && message.domain !== 'ai.onnx' ? undefined : operators.get(message.opType ?? '')
    if (operator === undefined) {
      refuse('')
      for (const of of names) if (of !== '') define(of, undefined, name)
      return
    }
    const [least, most] = arityOf(message.opType ?? '', opset)
    const given = from.slice(0, least).filter((place) => place >= 0).length
    if (given < least || from.length > most)
      throw wrong('BadData', `${least === most ? least : `${least} to ${most}`} inputs`, `${from.length}`, {
        entry: name,
      })
    const inputsKnown = settled(from)
    const before = problems.length
    const [node, finish] = nodeOf({ message, name, opset, inputs: inputsKnown, refuse, room })
    const run = operator(node)
    finish()
    const present = inputsKnown.filter((as) => as !== null)
    const constants = inputsKnown.map((as) => (typeof as === 'object' && as !== null ? as.constant : undefined))
    const isConstant = problems.length === before && present.every((as) => typeof as === 'object')
    const results = isConstant ? computed(name, () => runStep({ name, run }, constants)) : []
    // What the file holds itself is not counted.
    if (node.op !== 'Constant') for (const { dims } of results) made += sizeOf(dims)
    room([0])
    const isKnown =
      node.op === 'Shape' || node.op === 'Size' || inputsKnown.every((as, i) => as === null || node.isKnown(i))
    const outputs = names.map((of, i) => {
      const result = results[i]
      return of === '' ? -1 : define(of, result ? { constant: result } : isKnown ? 'known' : undefined, name)
    })
    if (isConstant) return
    steps.push({ name, run, inputs: from, outputs })
  }
  nodes.forEach(added)
  isReading = false
  if (problems.length > 0) throw unsupported(problems)
  const outputs = asked.map((message) => {
    const place = places.get(message.name ?? '')
    if (place === undefined)
      throw wrong('MissingName', `a node that gives '${message.name}'`, 'none', { entry: 'graph.output' })
    return { place, message }
  })
  if (outputs.length === 0) throw wrong('BadData', 'a graph with an output', 'none', { entry: 'graph.output' })
  const constants = known.flatMap((as, place) => (typeof as === 'object' ? [[place, as.constant] as const] : []))
  const taken = new Set([...steps.flatMap((step) => step.inputs), ...outputs.map(({ place }) => place)])
  return { steps, constants, stored: stored.filter(({ place }) => taken.has(place)), inputs, outputs }
}
