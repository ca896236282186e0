// What the table of layers says of a layer in each library.

/** The libraries of the table. */
export type Library = 'torch' | 'onnx' | 'keras'

/** A variable as another library has it. */
export interface Elsewhere {
  /** Variables of one name there are rows of one tensor, in their order, if they have rows of one shape. */
  readonly name: string
  /** Its name if they have not. */
  readonly alone?: string | undefined
  /** Its axes in order; the axes that it has here where none are given. */
  readonly axes?: string | undefined
}

/** A variable of a layer. */
export interface VariableLayout extends Partial<Readonly<Record<Library, Elsewhere>>> {
  /** Its name in the parameters or in the state here. */
  readonly name: string
  readonly of: 'params' | 'state'
  /** Its axes here, in order: 'out in'. 'features' stands for the last axes of an example, one or several. */
  readonly axes: string
}

/** A default that the libraries do not share, or that is called otherwise. */
export interface Default extends Partial<Readonly<Record<Library, string>>> {
  readonly of: string
  readonly here: string
}

/** A layer of the catalogue: what it is called elsewhere, and what differs there. */
export interface LayerLayout extends Partial<Readonly<Record<Library, string>>> {
  /** The name of the layer here, which is the kind of the layers that it makes. */
  readonly layer: string
  readonly variables?: readonly VariableLayout[] | undefined
  readonly defaults?: readonly Default[] | undefined
  /** The layers that it is made of and that have other names elsewhere. */
  readonly parts?: { readonly [name: string]: Partial<Readonly<Record<Library, string>>> } | undefined
}

/** The names of axes. */
export const axesIn = (axes: string): readonly string[] => axes.split(' ')
