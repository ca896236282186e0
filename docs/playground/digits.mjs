// A small part of MNIST in one compressed file: a label for each digit, then its 28 × 28 bytes. Sixteen levels of grey
// are enough for the eye and the network, and halve the file.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'

const pixels = 28 * 28
const levels = 15

/** The first digits of a part of the set, without the headers of the IDX format. */
const firstOf = (folder, name, count) => ({
  labels: readFileSync(join(folder, `${name}-labels-idx1-ubyte`)).subarray(8, 8 + count),
  images: readFileSync(join(folder, `${name}-images-idx3-ubyte`)).subarray(16, 16 + count * pixels),
})

export const packDigits = (folder) => {
  const parts = [firstOf(folder, 'train', 2000), firstOf(folder, 't10k', 500)]
  const coarse = (byte) => Math.round((byte / 255) * levels) * (255 / levels)
  const bytes = Buffer.concat([
    ...parts.map(({ labels }) => labels),
    ...parts.map(({ images }) => Uint8Array.from(images, coarse)),
  ])
  return deflateRawSync(bytes, { level: 9 })
}
