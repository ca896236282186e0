import type { AnyLayer } from './layer.ts'
import type { Loose, LooseApply } from './records.ts'

/** The fields in which a wrapper differs from the layer inside. */
interface Own {
  readonly kind?: string | undefined
  readonly input?: unknown
  readonly params?: unknown
  readonly state?: unknown
  /** See `Structure`. */
  readonly kept?: ((path: string) => string | undefined) | undefined
}

/**
 * A layer that wraps another one; `rebuild` makes the same wrapper around a different layer. Kind, input, parameters and
 * state default to those of the layer inside. The wrapper does not inherit its traits and its structure.
 */
export const wrapper = (
  tag: string,
  layer: AnyLayer,
  apply: LooseApply,
  rebuild: (layer: AnyLayer) => AnyLayer,
  { kept, ...own }: Own = {},
): Loose => ({
  kind: layer.kind,
  input: layer.input,
  params: layer.params,
  state: layer.state,
  ...own,
  apply,
  structure: {
    tag,
    parts: [{ name: '', layer }],
    rebuild: ([part]: readonly AnyLayer[]) => rebuild(part as AnyLayer),
    ...(kept && { kept }),
  },
})
