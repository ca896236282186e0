// Handwritten digits: 2,500 pictures of MNIST, packed at build time. The file is a count, the labels, and 28 × 28 bytes each.
import { type Dataset, dataset } from './dataset.ts'

const side = 28
const trained = 2000

const unpacked = async (response: Response): Promise<Uint8Array> => {
  const stream = response.body?.pipeThrough(new DecompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

const fetched = async (url: string): Promise<Response> => {
  try {
    const response = await fetch(url)
    if (response.ok) return response
  } catch {}
  throw new Error('The digits could not be loaded. They come with the first visit that chooses them.')
}

export const digits = async (url: string): Promise<Dataset> => {
  const bytes = await unpacked(await fetched(url))
  const pixels = side * side
  const count = Math.floor(bytes.length / (pixels + 1))
  const labels = Int32Array.from(bytes.subarray(0, count))
  const numbers = Float32Array.from(bytes.subarray(count), (byte) => byte / 255)
  const names = Array.from({ length: 10 }, (_, digit) => String(digit))
  return dataset(numbers, labels, [side, side, 1], trained, { labels: names, extent: 1 })
}
