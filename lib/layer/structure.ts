import type { AnyLayer } from './layer.ts'

/** Rebuilds a layer with `f` applied to each innermost part and to the names on the path to it. */
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

/** True for a layer with a part that exchanges numbers with the other ranks while it runs. */
export const exchanges = ({ acrossRanks, structure }: AnyLayer): boolean =>
  acrossRanks === true || (structure?.parts.some((part) => exchanges(part.layer)) ?? false)
