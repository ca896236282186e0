// Points of the plane in classes that no line separates. Each set is a function of a count and a key; the noise comes after.
import { type Key, random, toArray } from 'pullback'

export interface PlanePoint {
  readonly x: number
  readonly y: number
  readonly label: number
}

type Draw = (count: number, key: Key) => readonly PlanePoint[]

const uniforms = (count: number, key: Key): readonly number[] => toArray(random.uniform(key, [count]))
const normals = (count: number, key: Key): readonly number[] => toArray(random.normal(key, [count]))

const around = (angle: number, radius: number, label: number): PlanePoint => ({
  x: radius * Math.cos(angle),
  y: radius * Math.sin(angle),
  label,
})

/** A disc, a ring around it, and a ring around that. */
const rings: Draw = (count, key) => {
  const [angles, within] = [uniforms(count, random.foldIn(key, 0)), uniforms(count, random.foldIn(key, 1))]
  const bounds = [
    [0, 0.4],
    [0.55, 0.8],
    [0.95, 1.2],
  ] as const
  return angles.map((angle, i) => {
    const label = i % 3
    const [from, to] = bounds[label] as readonly [number, number]
    // The root spreads points evenly over the area.
    const radius = Math.sqrt(from ** 2 + (within[i] as number) * (to ** 2 - from ** 2))
    return around(2 * Math.PI * angle, radius, label)
  })
}

/** Two arms that turn around each other. */
const spirals: Draw = (count, key) =>
  uniforms(count, key).map((along, i) => {
    const t = Math.sqrt(along)
    return around(1.75 * t * 2 * Math.PI + (i % 2) * Math.PI, 1.2 * t, i % 2)
  })

/** Two half circles, each with an end inside the other. */
const moons: Draw = (count, key) =>
  uniforms(count, key).map((along, i) => {
    const [c, s] = [Math.cos(Math.PI * along), Math.sin(Math.PI * along)]
    return i % 2 === 0
      ? { x: 0.7 * c - 0.35, y: 0.9 * s - 0.25, label: 0 }
      : { x: 0.35 - 0.7 * c, y: 0.25 - 0.9 * s, label: 1 }
  })

/** Two clouds that a line separates. */
const clusters: Draw = (count, key) => {
  const [xs, ys] = [normals(count, random.foldIn(key, 0)), normals(count, random.foldIn(key, 1))]
  return xs.map((x, i) => {
    const center = i % 2 === 0 ? -0.55 : 0.55
    return { x: center + 0.22 * x, y: center + 0.22 * (ys[i] as number), label: i % 2 }
  })
}

export const planes = { rings, spirals, moons, clusters }
export type PlaneName = keyof typeof planes

/** Points of a set, each moved at random by a normal distance. */
export const planePoints = (name: PlaneName, count: number, noise: number, key: Key): readonly PlanePoint[] => {
  const [xs, ys] = [normals(count, random.foldIn(key, 2)), normals(count, random.foldIn(key, 3))]
  return planes[name](count, random.foldIn(key, 4)).map(({ x, y, label }, i) => ({
    x: x + noise * (xs[i] as number),
    y: y + noise * (ys[i] as number),
    label,
  }))
}
