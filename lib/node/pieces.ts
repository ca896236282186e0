/// <reference types="node" />
// The bytes of a file in pieces, and what of them goes into one call of the system, which reads or writes several.

/** A call takes at most 2 GiB in Node, and at most 1,024 pieces in Linux. */
const most = { bytes: 2 ** 28, pieces: 1024 }

/** The same bytes in pieces of which each goes into one call, and none is empty. */
export const cut = (pieces: readonly Uint8Array[]): readonly Uint8Array[] =>
  pieces.flatMap((piece) =>
    Array.from({ length: Math.ceil(piece.length / most.bytes) }, (_, i) =>
      piece.subarray(i * most.bytes, (i + 1) * most.bytes),
    ),
  )

/** As many of the first pieces as go into one call. */
export const firstOf = (pieces: readonly Uint8Array[]): readonly Uint8Array[] => {
  let bytes = 0
  const end = pieces.findIndex(({ length }, i) => {
    bytes += length
    return bytes > most.bytes || i === most.pieces
  })
  return end < 0 ? pieces : pieces.slice(0, end)
}

/** The pieces behind so many bytes. */
export const behind = (pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] => {
  let left = bytes
  const at = pieces.findIndex(({ length }) => {
    if (left < length) return true
    left -= length
    return false
  })
  const first = pieces[at]
  return first === undefined ? [] : [first.subarray(left), ...pieces.slice(at + 1)]
}
