// Points in the plane in three classes that no line separates: a disc, a ring around it, and what lies beyond.
import { fromArray, op, toNested } from 'pullback'
import type { draws } from './draws.ts'

/** Points from −1.5 to 1.5 on both axes; class 0 within √0.7 of the origin, class 1 within √1.6, class 2 beyond. */
export const rings = (draw: ReturnType<typeof draws>['uniform'], name: string, n: number) => {
  const input = op.shift(op.scale(draw(name, [n, 2]), 3), -1.5)
  const classes = toNested(input).map(([u = 0, v = 0]) => [0.7, 1.6].filter((bound) => u * u + v * v > bound).length)
  return { input, labels: fromArray(classes, [n], 'int32') }
}
