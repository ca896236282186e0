import type { AnyLayer } from './layer.ts'

/** A layer built as before, with `f` of each of its innermost parts and of the names on the way to it. */
export const mapParts = (
  layer: AnyLayer,
  f: (part: AnyLayer, path: readonly string[]) => AnyLayer,
  path: readonly string[] = [],
): AnyLayer => {
  const { structure } = layer
  if (structure === undefined) return f(layer, path)
  return structure.rebuild(
    structure.parts.map((part) => mapParts(part.layer, f, part.name === '' ? path : [...path, part.name])),
  )
}
