// Pictures moved by maps of the plane.
import { type Homography, inverse } from './homography.ts'

const mix = (a: number, b: number, share: number): number => a + share * (b - a)

/**
 * A square picture moved by a map, whose unit is a pixel and whose origin is the picture's center: each pixel takes
 * what was at the place that is mapped to its own, between four pixels in proportion; black from outside.
 */
export const warp = (pixels: Float32Array, map: Homography): Float32Array => {
  const [a, b, c, d, e, f, g, h, i] = inverse(map)
  const side = Math.sqrt(pixels.length)
  const center = (side - 1) / 2
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= side || y >= side ? 0 : (pixels[y * side + x] as number)
  return pixels.map((_, n) => {
    const x = (n % side) - center
    const y = Math.floor(n / side) - center
    const w = g * x + h * y + i
    const u = (a * x + b * y + c) / w + center
    const v = (d * x + e * y + f) / w + center
    const [left, top] = [Math.floor(u), Math.floor(v)]
    const upper = mix(at(left, top), at(left + 1, top), u - left)
    const lower = mix(at(left, top + 1), at(left + 1, top + 1), u - left)
    return mix(upper, lower, v - top)
  })
}
