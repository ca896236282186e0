import type { LayerLayout } from './layout.ts'
import { learned } from './learned.ts'
import { normalizing } from './normalize.ts'
import { plain } from './plain.ts'
import { sequence } from './sequence.ts'

/**
 * The name of each layer of the catalogue in PyTorch, ONNX and Keras, the names and the order of axes of its variables
 * there, and the defaults that differ. `docs/layouts.md` is printed from it, and files are read by it.
 *
 * @example
 * import { layouts } from 'pullback/interop'
 * layouts.find(({ layer }) => layer === 'linear')?.keras // => 'Dense'
 */
export const layouts: readonly LayerLayout[] = [...learned, ...normalizing, ...sequence, ...plain]
