import type { Axis } from './scale.ts'

/** A point of a line. */
export type Point = readonly [x: number, y: number]

/**
 * Points connected by a line. A name has the same color in all panels. The line has a gap where a number is not finite.
 */
export interface Series {
  readonly name: string
  readonly points: readonly Point[]
}

/** A column of a histogram: its two sides and its height. */
export interface Bar {
  readonly from: number
  readonly to: number
  readonly height: number
}

/** A chart with a title and two axes that shows lines, columns, or both. */
export interface Panel {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series?: readonly Series[] | undefined
  readonly bars?: readonly Bar[] | undefined
  /** Thin lines without names behind the others; a line of a single point is a dot. */
  readonly ground?: readonly (readonly Point[])[] | undefined
}
