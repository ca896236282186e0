// A node of a file as operators see it.
import type { Shape } from '../../type/tensor.ts'
import type { Node } from '../operator/operator.ts'
import type { Message } from '../proto/fields.ts'
import { ofNumbers, type Value } from '../value.ts'
import { type Place, wrong } from '../wrong.ts'

/** What is known of a value before anything runs. */
export type Known = { readonly constant: Value } | 'known' | undefined

export interface NodeInput {
  readonly message: Message<'Node'>
  /** Its place in the file, with its name. */
  readonly at: Place & { readonly entry: string }
  readonly opset: number
  /** What is known of each input; null for one that is not given. */
  readonly inputs: readonly (Known | null)[]
  readonly refuse: (why: string) => void
  readonly room: (dims: Shape, at: Place) => void
  /** The value of a tensor among the attributes; undefined for one that is not read, which is noted. */
  readonly constantAt: (tensor: Message<'Tensor'>, place: string) => Value | undefined
}

type Attribute = Message<'Attribute'>
const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const attributesOf = ({ attribute = [] }: Message<'Node'>, at: Place): Map<string, Attribute> => {
  const found = new Map(attribute.map((a) => [a.name ?? '', a]))
  if (found.size < attribute.length) throw wrong('DuplicateName', 'each attribute once', 'one twice', at)
  return found
}

/** A node, and the function that refuses what its operator has not read. */
export const nodeOf = ({
  message,
  at,
  opset,
  inputs,
  refuse,
  room,
  constantAt,
}: NodeInput): readonly [Node, () => void] => {
  const rest = attributesOf(message, at)
  const op = message.opType ?? ''
  /** Takes an attribute; its type must be the one that the operator defines. */
  const take = <A>(of: string, type: number, value: (a: Attribute) => A): A | undefined => {
    const found = rest.get(of)
    if (found === undefined) return undefined
    rest.delete(of)
    if (found.type !== undefined && found.type !== 0 && found.type !== type)
      throw wrong('BadData', `the attribute ${of} with type ${type}`, `${found.type}`, at)
    return value(found)
  }
  const text = (s: Uint8Array): string => {
    try {
      return utf8.decode(s)
    } catch {
      throw wrong('NotUtf8', 'a text in UTF-8', 'other bytes', at)
    }
  }
  const node: Node = {
    op,
    opset,
    inputs: inputs.length,
    outputs: (message.output ?? []).filter((output) => output !== '').length,
    has: (i) => i < inputs.length && inputs[i] !== null,
    isKnown: (i) => {
      const found = inputs[i]
      return found === 'known' || (typeof found === 'object' && found !== null && found.constant.numbers !== undefined)
    },
    constant: (i) => {
      const found = inputs[i]
      return typeof found === 'object' && found !== null ? found.constant : undefined
    },
    int: (of, usual) => take(of, 2, (a) => a.i ?? 0) ?? usual,
    ints: (of) => take(of, 7, (a) => a.ints ?? []),
    float: (of, usual) => take(of, 1, (a) => a.f ?? 0) ?? usual,
    floats: (of) => take(of, 6, (a) => a.floats ?? []),
    text: (of, usual) => take(of, 3, (a) => text(a.s ?? new Uint8Array())) ?? usual,
    texts: (of) => take(of, 8, (a) => (a.strings ?? []).map(text)),
    tensor: (of) => take(of, 4, (a) => constantAt(a.t ?? {}, `${at.entry}.${of}`) ?? ofNumbers([0], [])),
    refuse,
    room: (dims) => room(dims, at),
  }
  const finish = (): void => {
    if (rest.size > 0) refuse(`the attribute${rest.size > 1 ? 's' : ''} ${[...rest.keys()].join(', ')}`)
  }
  return [node, finish]
}
