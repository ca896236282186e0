// A graph of a file, made ready: constants computed, parameters told apart, every node that cannot be read listed.
import { TensorError } from '../../error/tensorError.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { constantOf } from '../constant.ts'
import { declaredOf } from '../declared.ts'
import type { ExternalFiles } from '../external.ts'
import { arityOf } from '../operator/arity.ts'
import { operators, settings } from '../operator/table.ts'
import type { Message } from '../proto/fields.ts'
import type { Limits } from '../proto/limits.ts'
import { byteOf } from '../proto/place.ts'
import type { Value } from '../value.ts'
import { type Place, wrong } from '../wrong.ts'
import { type Known, nodeOf } from './node.ts'
import { runStep, type Step } from './plan.ts'
import { type PortIn, portIn } from './port.ts'
import { problemsOf } from './problems.ts'
import { leadingTo, usesOf } from './uses.ts'

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
  readonly inputs: readonly { readonly place: number; readonly port: PortIn }[]
  readonly outputs: readonly { readonly place: number; readonly message: Message<'ValueInfo'> }[]
}

const convolutions = ['Conv', 'ConvTranspose']

/** An error of a node that is computed while the file is read, as one of the file. */
const computed = <A>(at: Place, f: () => A): A => {
  try {
    return f()
  } catch (e) {
    if (!(e instanceof TensorError || e instanceof TypeError || e instanceof RangeError)) throw e
    throw wrong('BadData', 'constants that fit the node', e.message, at)
  }
}

/** A graph with the outputs of the file, or with values of some names as its outputs. */
export const compileGraph = (
  graph: Message<'Graph'>,
  opset: number,
  limits: Limits,
  chosen: readonly string[] | undefined,
  files: ExternalFiles | undefined,
): Graph => {
  const places = new Map<string, number>()
  const known: Known[] = []
  const problems = problemsOf()
  let isReading = true
  const define = (name: string, as: Known, at: Place): number => {
    if (places.has(name)) throw wrong('DuplicateName', 'each value once', `'${name}' twice`, at)
    places.set(name, known.length)
    return known.push(as) - 1
  }
  let made = 0
  const room = (dims: readonly number[], at: Place): void => {
    if (isReading && made + sizeOf(dims) > limits.numbers)
      throw wrong('TooLarge', `constants of at most ${limits.numbers} numbers`, `${made + sizeOf(dims)}`, at)
  }

  const { node: nodes = [], initializer = [], input = [], valueInfo = [] } = graph
  const output = graph.output ?? []
  const named = new Map([...valueInfo, ...output].map((message) => [message.name, message]))
  const asked = chosen?.map((name) => named.get(name) ?? { name }) ?? output
  const leading = leadingTo(
    nodes,
    asked.map(({ name = '' }) => name),
  )
  const uses = usesOf(nodes.filter((_, i) => leading.has(i)))
  /** The value of a tensor; one that is needed and cannot be read is noted. */
  const constantAt = (tensor: Message<'Tensor'>, place: string, isNeeded = true): Value | undefined => {
    const declared = declaredOf(tensor, place)
    const found = constantOf(tensor, declared, files)
    if ('dims' in found) return found
    if (isNeeded) problems.lacks(declared.at.entry, found)
    return undefined
  }
  const stored: Stored[] = []
  for (const [i, tensor] of initializer.entries()) {
    const name = tensor.name ?? ''
    const place = `graph.initializer[${i}]`
    const as = uses.get(name) ?? []
    const value = constantAt(tensor, place, as.length > 0)
    const isSetting = as.some(([op, at]) => settings.get(op)?.includes(at))
    const isStored = value?.kind === 'float' && value.dims.length > 0 && as.length > 0 && !isSetting
    const constant = value === undefined || isStored ? undefined : { constant: value }
    const at = define(name, constant, { byte: byteOf(tensor), entry: place })
    if (value === undefined || !isStored) continue
    const isState = as.every(([op, at]) => op === 'BatchNormalization' && at > 2)
    const isTurned = value.dims.length > 2 && as.every(([op, at]) => convolutions.includes(op) && at === 1)
    stored.push({ name, place: at, value, isState, isTurned })
  }
  const inputs = input
    .filter(({ name = '' }) => !places.has(name))
    .map((message, i) => {
      const at = { byte: byteOf(message), entry: `graph.input[${i}]` }
      return { port: portIn(message, problems.add), place: define(message.name ?? '', undefined, at) }
    })

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
    const at = { byte: byteOf(message), entry: name }
    const refuse = (why: string): void => {
      const domain = message.domain ? `${message.domain}.` : ''
      const what = `${domain}${message.opType} of '${name}' in opset ${opset}`
      problems.add(name, why === '' ? what : `${what}: ${why}`)
    }
    const from = (message.input ?? []).map((of) => {
      const place = of === '' ? -1 : places.get(of)
      if (place === undefined)
        throw wrong('MissingName', 'inputs that come before the node', `'${of}', which does not`, at)
      return place
    })
    if (!leading.has(index)) {
      for (const of of names) if (of !== '') define(of, undefined, at)
      return
    }
    const operator = message.domain && message.domain !== 'ai.onnx' ? undefined : operators.get(message.opType ?? '')
    if (operator === undefined) {
      refuse('')
      for (const of of names) if (of !== '') define(of, undefined, at)
      return
    }
    const [least, most] = arityOf(message.opType ?? '', opset)
    const given = from.slice(0, least).filter((place) => place >= 0).length
    if (given < least || from.length > most)
      throw wrong('BadData', `${least === most ? least : `${least} to ${most}`} inputs`, `${from.length}`, at)
    const inputsKnown = settled(from)
    const before = problems.count()
    const [node, finish] = nodeOf({ message, at, opset, inputs: inputsKnown, refuse, room, constantAt })
    const run = operator(node)
    finish()
    const present = inputsKnown.filter((as) => as !== null)
    const constants = inputsKnown.map((as) => (typeof as === 'object' && as !== null ? as.constant : undefined))
    const isConstant = problems.count() === before && present.every((as) => typeof as === 'object')
    const results = isConstant ? computed(at, () => runStep({ name, run }, constants)) : []
    // What the file holds itself is not counted.
    if (node.op !== 'Constant') for (const { dims } of results) made += sizeOf(dims)
    room([0], at)
    const isKnown =
      node.op === 'Shape' || node.op === 'Size' || inputsKnown.every((as, i) => as === null || node.isKnown(i))
    const outputs = names.map((of, i) => {
      const result = results[i]
      return of === '' ? -1 : define(of, result ? { constant: result } : isKnown ? 'known' : undefined, at)
    })
    if (isConstant) return
    steps.push({ name, run, inputs: from, outputs })
  }
  nodes.forEach(added)
  isReading = false
  const error = problems.error()
  if (error !== undefined) throw error
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
