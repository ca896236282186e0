// What the page and the worker of a run say to each other.
import type { Settings } from './settings.ts'

/** What the page asks the worker for. The first message opens a program, and no later one does. */
export type Request =
  | { readonly kind: 'open'; readonly program: string; readonly settings: Settings; readonly files: string }
  | { readonly kind: 'run'; readonly pace: Pace }
  | { readonly kind: 'pause' }
  | { readonly kind: 'step' }
  | { readonly kind: 'check' }
  | { readonly kind: 'save'; readonly settings: Settings }
  | { readonly kind: 'load'; readonly bytes: Uint8Array }
  /** Reads a picture, and again while it trains, until there is none. */
  | { readonly kind: 'read'; readonly pixels: Float32Array | undefined }

/** The most steps a second; 0 is as many as there is time for. */
export type Pace = number

/** Points of the plane, as they are drawn: x, y, x, y, … and the class of each. */
export interface Points {
  readonly places: Float32Array
  readonly labels: Int32Array
  /** How many of them, from the first, are trained on; the others are kept for the test. */
  readonly trained: number
}

/** Pictures of the test, one after the other, and what they show. */
export interface Samples {
  readonly pixels: Float32Array
  readonly labels: Int32Array
}

/** What the data is like. */
export interface DataInfo {
  readonly shape: readonly number[]
  readonly labels: readonly string[]
  readonly trained: number
  readonly tested: number
  readonly points?: Points | undefined
  readonly samples?: Samples | undefined
  /** The plane is shown from −extent to extent. */
  readonly extent: number
}

/** Small pictures of one size in a row: the weights of a layer, or what it gives. */
export interface Tiles {
  readonly title: string
  readonly note: string
  readonly width: number
  readonly height: number
  readonly count: number
  readonly values: Float32Array
}

/** A node of the network's graph. */
export interface GraphBox {
  readonly id: number
  readonly name: string
  readonly inputs: readonly number[]
  readonly shape: string
  readonly parameters: string
  /** The norm of the loss's gradient with respect to what it gives. */
  readonly gradient: string
}

/** A row of the table of a gradient check. */
export interface CheckRow {
  readonly path: string
  readonly order: number
  readonly compared: number
  readonly worst: number
  readonly analytic: number
  readonly numeric: number
  readonly pass: boolean
}

export interface Progress {
  readonly step: number
  /** The losses of the steps since the last message, the last of them that of step − 1. */
  readonly losses: readonly number[]
  /** Steps a second while it trains. */
  readonly speed: number
  /** A short hash of all parameters: equal bits give equal hashes. */
  readonly hash: string
  readonly running: boolean
}

export type Reply =
  | { readonly kind: 'columns'; readonly columns: readonly string[]; readonly target: string }
  | { readonly kind: 'data'; readonly info: DataInfo }
  | { readonly kind: 'ready'; readonly parameters: number; readonly engine: string; readonly threads: number }
  | ({ readonly kind: 'progress' } & Progress)
  | { readonly kind: 'accuracy'; readonly step: number; readonly train: number; readonly test: number }
  | { readonly kind: 'plane'; readonly size: number; readonly classes: Uint8Array; readonly sure: Uint8Array }
  | { readonly kind: 'weights'; readonly tiles: readonly Tiles[] }
  | { readonly kind: 'activations'; readonly tiles: readonly Tiles[] }
  | { readonly kind: 'graph'; readonly boxes: readonly GraphBox[] }
  | { readonly kind: 'checked'; readonly pass: boolean; readonly rows: readonly CheckRow[] }
  | { readonly kind: 'saved'; readonly bytes: Uint8Array }
  | { readonly kind: 'loaded' }
  | { readonly kind: 'read'; readonly shares: readonly number[] }
  | { readonly kind: 'samples'; readonly found: Uint8Array }
  | { readonly kind: 'log'; readonly level: string; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }
