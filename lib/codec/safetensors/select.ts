import { indexOf } from '../../tensor/shape.ts'
import { fresh } from '../../tensor/view.ts'
import type { AnyTensor } from '../../type/tensor.ts'
import type { Numbers } from '../numbers/numbers.ts'
import { inOrder } from '../numbers/order.ts'
import { someOf } from '../select.ts'
import { type Contents, codes, cut, type Entry, unread, wrong } from './format.ts'

/** The entries of some names, in the order of the names; all entries where no names are given. */
export const selected = (entries: readonly Entry[], names: readonly string[] | undefined): readonly Entry[] => {
  if (names === undefined) return entries
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  return names.map((name) => {
    const entry = byName.get(name)
    if (entry !== undefined) return entry
    throw wrong('MissingName', `a tensor '${name}'`, someOf([...byName.keys()]), { entry: name })
  })
}

/** The same entries, whose number formats must be among those that are read. */
export const readable = (entries: readonly Entry[]): readonly Entry[] => {
  const other = entries.find(({ dtype }) => !codes.has(dtype))
  if (other === undefined) return entries
  throw wrong(
    'UnsupportedNumbers',
    `numbers of the dtype ${[...codes.keys()].join(', ')}`,
    cut(JSON.stringify(other.dtype)),
    {
      byte: 8,
      entry: other.name,
      remedy: unread.get(other.dtype) ?? 'convert them where the file was written',
    },
  )
}

/** The bytes that are read at once, unless a single tensor has more. */
const most = 2 ** 26

/** The entries in the order of their numbers, in runs that lie one behind the other. */
export const runsOf = (entries: readonly Entry[]): readonly (readonly Entry[])[] => {
  const runs: [Entry, ...Entry[]][] = []
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const run = runs.at(-1)
    const isNext = run?.at(-1)?.end === entry.begin && entry.end - run[0].begin <= most
    if (isNext) run.push(entry)
    else runs.push([entry])
  }
  return runs
}

/** The tensor of an entry, over its bytes, which are a whole buffer, or over numbers made of them. */
export const tensorOf = (
  { name, dtype, shape, begin }: Entry,
  start: Contents['start'],
  bytes: Uint8Array,
): AnyTensor => {
  const { width, read } = codes.get(dtype) as Numbers
  const found = read(inOrder(bytes, width).buffer as ArrayBuffer)
  if (ArrayBuffer.isView(found)) return fresh(shape, found)
  throw wrong('OutOfRange', expectedOf(dtype), `${found.value} at [${indexOf(found.at, shape).join(', ')}]`, {
    byte: start + begin + found.at * width,
    entry: name,
    remedy: 'convert the numbers where the file was written',
  })
}

const expectedOf = (dtype: string): string =>
  dtype === 'BOOL' ? 'truth values, which are 0 or 1' : `numbers of ${dtype} that int32 holds`
