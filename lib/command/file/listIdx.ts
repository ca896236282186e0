import { type Numbers, numbers } from '../../codec/numbers/numbers.ts'
import { bytesFor } from '../../codec/numbers/size.ts'
import { FormatError, type FormatReason } from '../../error/fileError.ts'
import { exactly, inFile, withFile } from '../../node/ranged.ts'
import { mostAxes } from '../../tensor/shape.ts'
import type { Listing } from './listing.ts'

const types: { readonly [code: number]: readonly [dtype: string, numbers: Numbers] } = {
  8: ['uint8', numbers.uint8],
  9: ['int8', numbers.int8],
  11: ['int16', numbers.int16],
  12: ['int32', numbers.int32],
  13: ['float32', numbers.float32],
  14: ['float64', numbers.float64],
}

/** Lists a file of IDX, which has one array. */
export const listIdxFile = (file: string): Promise<Listing> =>
  inFile(file, () =>
    withFile(file, async (opened) => {
      const { size } = opened
      const [first] = await exactly('idx', opened, 0, [Math.min(4 + 4 * mostAxes, size)])
      const wrong = (reason: FormatReason, expected: string, actual: string): FormatError =>
        new FormatError({ format: 'idx', reason, expected, actual })
      const [dtype, form] = types[first[2] as number] as (typeof types)[number]
      const rank = first[3] as number
      const begin = 4 + 4 * rank
      if (rank > mostAxes) throw wrong('BadShape', `at most ${mostAxes} axes`, `${rank}`)
      if (size < begin) throw wrong('Truncated', `${rank} sizes in a header of ${begin} bytes`, `${size} bytes`)
      const view = new DataView(first.buffer, first.byteOffset)
      const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
      const end = begin + (bytesFor(shape, form.width) ?? Number.POSITIVE_INFINITY)
      if (end !== size)
        throw wrong(end > size ? 'Truncated' : 'TrailingBytes', `${end} bytes for [${shape.join(', ')}]`, `${size}`)
      const place = { file, name: 'array', format: 'idx', numbers: form, order: 'big', begin, end } as const
      return { tensors: [{ name: 'array', dtype, shape, place }], unread: [], metadata: {} }
    }),
  )
