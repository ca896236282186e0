import type { AnyLayer } from './layer.ts'
import type { Loose, LooseApply } from './records.ts'

/** The parts of a wrapper that are not those of the layer inside. */
interface Own {
  readonly kind?: string
  readonly input?: unknown
  readonly params?: unknown
  readonly state?: unknown
  /** As in `Structure`. */
  readonly kept?: (path: string) => string | undefined
}

/**
 * A layer around another, which `rebuild` puts around a different one. Kind, input, parameters and state are those of the
 * layer inside unless given; its traits and its structure are not taken over.
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
