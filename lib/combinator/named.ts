import { StructureError, within } from '../error/tensorError.ts'
import { checkLayer, isLayer } from '../layer/checkLayer.ts'
import { type AnyLayer, inner, type Layer, none, type Unwanted } from '../layer/layer.ts'
import { checkName, ownOf } from '../tree/name.ts'

type Nest<K extends string, P> = keyof P extends never ? P : { readonly [k in K]: P }

const part = (kind: string, record: object, name: string): never => {
  if (typeof record === 'object' && record !== null && Object.hasOwn(record, name))
    return (record as Record<string, never>)[name] as never
  const names = typeof record === 'object' && record !== null ? Object.keys(record).join(', ') : String(record)
  throw new StructureError({
    op: 'named',
    expected: `${kind} with the name '${name}'`,
    actual: names === '' ? 'none' : `only ${names}`,
    code: 'missing-name',
  })
}

/**
 * Puts a layer under a name: its parameters and state become one entry of that name. The name is part of the path from
 * which its initial weights are drawn, and of the path in errors.
 *
 * @example
 * import { linear, named } from 'pullback'
 * Object.keys(named('L1', linear(3, 2)).params) // => ['L1']
 */
export const named = <const K extends string, I, O, P, S>(
  name: K,
  layer: Layer<I, O, P, S>,
): Layer<I, O, Nest<K, P>, Nest<K, S>> => {
  if (isLayer(name))
    throw new StructureError({
      op: 'named',
      expected: 'a name',
      actual: `a layer, ${name.kind}`,
      remedy: "the name comes first: named('L1', layer)",
    })
  checkName('named', name)
  checkLayer('named', layer, `a layer to be called '${name}'`)
  const [hasParams, hasState] = [Object.keys(layer.params).length > 0, Object.keys(layer.state).length > 0]
  const wrap = (record: unknown, has: boolean): never => (has ? { [name]: record } : none) as never
  return {
    kind: layer.kind,
    input: layer.input,
    params: wrap(layer.params, hasParams),
    state: wrap(layer.state, hasState),
    apply: (params, state, context, x) =>
      within(name, () => {
        const own = hasParams ? part('parameters', params as object, name) : (none as P)
        const step = layer.apply(
          own,
          hasState ? part('state', state as object, name) : (none as S),
          inner(context, name),
          x,
        )
        return {
          value: step.value,
          state: wrap(step.state, hasState),
          pullback: (dy) => {
            const cotangents = within(name, () => step.pullback(dy))
            return {
              params: (unwanted) => {
                const part = ownOf(unwanted, name) as true | Unwanted | undefined
                if (part === true) return none as never
                return wrap(
                  within(name, () => cotangents.params(part)),
                  hasParams,
                )
              },
              input: () => within(name, cotangents.input),
            }
          },
        }
      }),
    structure: { tag: 'named', parts: [{ name, layer }], rebuild: ([part]) => named(name, part as AnyLayer) },
  }
}
