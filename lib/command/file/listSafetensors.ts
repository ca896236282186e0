import { limitsIn } from '../../codec/limits.ts'
import { type Contents, codes } from '../../codec/safetensors/format.ts'
import { isObject } from '../../codec/safetensors/header.ts'
import { putTogether } from '../../codec/state.ts'
import { FormatError } from '../../error/fileError.ts'
import { checksum } from '../../node/checksum.ts'
import { exactly, type Ranged } from '../../node/ranged.ts'
import { portionsOf, withPortion } from '../../node/safetensors.ts'
import type { AnyTensor } from '../../type/tensor.ts'
import { type Listing, otherNumbers } from './listing.ts'
import { piecesOf } from './numbersAt.ts'

/** Where a file of this library has its checksum, in eight digits. */
const [seal, behind] = [34, 42]

/** Checks the checksum of a file of this library, which is computed with zeros in its own place. */
const checkSeal = async (file: Ranged, declared: string | undefined): Promise<void> => {
  const [head] = await exactly('pullback', file, 0, [Math.min(seal, file.size)])
  let sum = checksum(new TextEncoder().encode('00000000'), checksum(head))
  for await (const piece of piecesOf('pullback', file, behind, file.size)) sum = checksum(piece, sum)
  const computed = sum.toString(16).padStart(8, '0')
  if (computed === declared) return
  throw new FormatError({
    format: 'pullback',
    reason: 'WrongChecksum',
    byte: seal,
    expected: `the checksum ${computed} of its ${file.size} bytes`,
    actual: declared ?? 'none',
    remedy: 'the file is damaged: use another copy of it, or an earlier one',
  })
}

const stateIn = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    throw new FormatError({
      format: 'pullback',
      reason: 'NotJson',
      expected: 'a state in JSON',
      actual: 'another text',
    })
  }
}

/** The metadata in the state of a model; tensors in it stand as their formats. */
const toldIn = ({ metadata, entries }: Contents): unknown => {
  const state = stateIn(metadata.state)
  if (!isObject(state) || !('metadata' in state)) return undefined
  const own = entries.filter(({ name }) => /^metadata(\.|$)/.test(name))
  const formats = own.map(({ name, dtype, shape }) => [name, `${dtype} [${shape.join(', ')}]`])
  const found = putTogether({ metadata: state.metadata }, Object.fromEntries(formats) as Record<string, AnyTensor>)
  return (found as typeof state).metadata
}

const isOwn = ({ metadata }: Contents): boolean => metadata.format === 'pullback'

const listingOf = async (file: string, opened: Ranged, contents: Contents): Promise<Listing> => {
  const { entries, metadata, start } = contents
  if (isOwn(contents)) await checkSeal(opened, metadata.crc32)
  const { state: _, ...texts } = metadata
  const tensors = entries.map(({ name, dtype, shape, begin, end }) => {
    const numbers = codes.get(dtype)
    const at = { begin: start + begin, end: start + end }
    const place = numbers && ({ file, name, format: 'safetensors', numbers, order: 'little', ...at } as const)
    return { name, dtype, shape, place }
  })
  return {
    tensors,
    unread: tensors.flatMap(({ name, dtype, place }) =>
      place === undefined ? [{ name, reason: otherNumbers(dtype) }] : [],
    ),
    metadata: isOwn(contents) ? texts : metadata,
    told: isOwn(contents) && metadata.version === '1' ? toldIn(contents) : undefined,
  }
}

/** Lists a safetensors file, or those that an index names. A file of this library must have the right checksum. */
export const listSafetensorsFile = async (path: string, links: boolean): Promise<Listing> => {
  const all: Listing[] = []
  for (const portion of await portionsOf(path, undefined, links, limitsIn('inspect', {})))
    all.push(await withPortion(portion, (opened, contents) => listingOf(portion.file, opened, contents)))
  return {
    tensors: all.flatMap(({ tensors }) => tensors),
    unread: all.flatMap(({ unread }) => unread),
    metadata: Object.assign({}, ...all.map(({ metadata }) => metadata).reverse()),
    told: all.length === 1 ? all[0]?.told : undefined,
  }
}
