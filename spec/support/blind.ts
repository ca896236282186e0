// An engine whose memory JavaScript cannot see: it computes as the reference does, but its results are handles.

import type { Engine } from '../../lib/kernel/engine.ts'
import type { KernelSet } from '../../lib/kernel/kernelSet.ts'
import type { Loaders } from '../../lib/kernel/loaders.ts'
import type { Program } from '../../lib/kernel/program.ts'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { type Data, dtypeOf } from '../../lib/tensor/data.ts'
import { Resident } from '../../lib/tensor/resident.ts'
import { type Raw, raw, view } from '../../lib/tensor/view.ts'
import type { DType } from '../../lib/type/tensor.ts'

/** All that may be asked of a handle; `byteOffset` tells it from an array. */
const known = ['dtype', 'length', 'numbers', 'inspect', 'byteOffset', 'constructor']

class Handle extends Resident {
  readonly dtype: DType
  readonly length: number
  override readonly numbers: () => Data

  constructor(dtype: DType, length: number, numbers: () => Data) {
    super()
    this.dtype = dtype
    this.length = length
    this.numbers = numbers
  }
}

/** A handle that refuses whatever only arrays have. */
const opaque = (dtype: DType, length: number, numbers: () => Data): Data =>
  new Proxy(new Handle(dtype, length, numbers), {
    get: (handle, name) => {
      if (typeof name === 'string' && !known.includes(name))
        throw new Error(`'${name}' is read of a handle, which is not an array`)
      return (handle as never)[name]
    },
    set: () => {
      throw new Error('a handle is written to')
    },
  }) as unknown as Data

const isRaw = (x: unknown): x is Raw => typeof x === 'object' && x !== null && 'buffer' in x && 'stride' in x

/** What the engine's own kernels see: the numbers behind a handle. */
const behind = new WeakMap<Data, Data>()
const seen = (x: unknown): unknown => {
  if (Array.isArray(x)) return x.map(seen)
  return isRaw(x) ? raw(view(behind.get(x.buffer) ?? x.buffer, x.shape, x.stride, x.offset)) : x
}

/** The state of an engine: the results of the scope in use are gone when it ends. */
export const blind = (): Engine & { readonly reads: () => number } => {
  let reads = 0
  let scope = { ended: false }
  /** A result, as a handle; random words are not numbers of a tensor. */
  const hidden = (made: unknown, by = scope): unknown => {
    if (Array.isArray(made)) return made.map((data) => hidden(data))
    const data = made as Data
    const dtype = dtypeOf(data)
    if (dtype === undefined) return made
    const handle = opaque(dtype, data.length, () => {
      if (by.ended) throw new Error('a handle is read after its scope')
      reads++
      return data
    })
    behind.set(handle, data)
    return handle
  }
  const kernelsOf = (all: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, kernel]) =>
        typeof kernel !== 'function' || ['stop', 'with', 'withThreads', 'scope', 'load'].includes(name)
          ? []
          : [
              [
                name,
                (...args: readonly unknown[]) => hidden((kernel as (...args: unknown[]) => unknown)(...args.map(seen))),
              ],
            ],
      ),
    )
  const engine = {
    ...kernelsOf(reference),
    with: (set: KernelSet<object>) => kernelsOf(reference.with(set)),
    name: 'blind',
    threads: 1,
    features: [],
    bytes: 0,
    stop: () => {},
    withThreads: () => engine,
    scope: <A>(step: (keep: (x: Raw) => Data) => A): A => {
      const before = scope
      scope = { ended: false }
      try {
        return step((x: Raw) => hidden(reference.copy(seen(x) as Raw), before) as Data)
      } finally {
        scope.ended = true
        scope = before
      }
    },
    load: (program: Program, { interpreted }: Loaders) => interpreted(program, engine),
    reads: () => reads,
  } as unknown as Engine & { readonly reads: () => number }
  return engine
}
