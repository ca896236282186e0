import type { Axis } from './scale.ts'

/** A point of a line. */
export type Point = readonly [x: number, y: number]

/**
 * Points with a line through them. One name has one color in all panels. Where a number is not finite the line has a
 * gap.
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

/** A chart with a title and two axes, of lines, of columns, or of both. */
export interface Panel {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series?: readonly Series[] | undefined
  readonly bars?: readonly Bar[] | undefined
  /** Thin lines behind the others, without a name; one of a single point is a dot. */
  readonly ground?: readonly (readonly Point[])[] | undefined
}
