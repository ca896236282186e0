import { sameShape } from '../../tensor/shape.ts'
import type { AnyTensor } from '../../type/tensor.ts'
import type { Module, Wanted } from './module.ts'
import { joinedName, type Renaming, splitName } from './names.ts'

/** How the tensor for a variable was found. */
export type By = 'map' | 'name' | 'ending' | 'shape'

/** A variable, and its tensor in a file, if one was found. */
export interface Match {
  readonly module: Module
  readonly wanted: Wanted
  /** The name of its tensor, or that which it would have. */
  readonly name: string
  /** How the tensor was found; undefined if it was not. */
  readonly by: By | undefined
  /** The modules of the file that would fit, where there was no telling which is meant. */
  readonly candidates: readonly string[]
}

type Tensors = ReadonlyMap<string, AnyTensor>
/** The tensors of a file by their modules. */
type Modules = ReadonlyMap<string, ReadonlyMap<string, AnyTensor>>

/** A tensor is in its module under its own name, and in the module around that one under the names of both. */
const modulesIn = (tensors: Tensors): Modules => {
  const found = new Map<string, Map<string, AnyTensor>>()
  const put = (module: string, own: string, tensor: AnyTensor): void => {
    found.set(module, (found.get(module) ?? new Map<string, AnyTensor>()).set(own, tensor))
  }
  for (const [name, tensor] of tensors) {
    const [module, own] = splitName(name)
    put(module, own, tensor)
    const [around, inner] = splitName(module)
    if (module !== '') put(around, `${inner}.${own}`, tensor)
  }
  return found
}

const isNested = (name: string): boolean => name.includes('.')

/** True if a module of the file has all tensors of a layer, in their shapes, and no others. */
const fits = ({ wanted, besides }: Module, there: ReadonlyMap<string, AnyTensor>): boolean =>
  wanted.every(({ name, turn, isOptional }) => {
    const tensor = there.get(name)
    return tensor === undefined ? isOptional : sameShape(tensor.shape, turn.shape)
  }) &&
  [...there.keys()].every((name) => isNested(name) || besides.includes(name) || wanted.some((w) => w.name === name))

/** The names and shapes of a module's tensors. Modules with the same signature are told apart by their order alone. */
const signature = ({ wanted }: Module): string => JSON.stringify(wanted.map(({ name, turn }) => [name, turn.shape]))

const digits = /\d+/g
const numbersIn = (name: string): readonly number[] => (name.match(digits) ?? []).map(Number)

/** Names that differ in numbers only, in the order of the numbers; undefined for other names. */
const inOrder = (names: readonly string[]): readonly string[] | undefined => {
  if (new Set(names.map((name) => name.replace(digits, '#'))).size > 1) return undefined
  return [...names].sort((a, b) => {
    const [m, n] = [numbersIn(a), numbersIn(b)]
    const i = m.findIndex((x, at) => x !== n[at])
    return i < 0 ? 0 : (m[i] as number) - (n[i] as number)
  })
}

/** The one prefix with which the names of all modules are names in the file. */
const sharedPrefix = (
  modules: readonly Module[],
  fitting: (module: Module) => readonly string[],
): string | undefined => {
  const of = (module: Module): readonly string[] =>
    fitting(module).flatMap((name) =>
      name.endsWith(`.${module.name}`) ? [name.slice(0, -module.name.length - 1)] : [],
    )
  const [first, ...others] = modules.filter(({ name }) => name !== '').length === modules.length ? modules : []
  const shared = first === undefined ? [] : of(first).filter((prefix) => others.every((m) => of(m).includes(prefix)))
  return shared.length === 1 ? shared[0] : undefined
}

type Chosen = { readonly there: string; readonly by: By }

/** Finds a module of the file for each layer: of the same name, of a longer name with this ending, or of its shapes. */
const choose = (modules: readonly Module[], tensors: Tensors): ReadonlyMap<Module, Chosen> => {
  const there = modulesIn(tensors)
  const chosen = new Map<Module, Chosen>()
  const free = new Set(there.keys())
  const take = (module: Module, name: string, by: By): void => {
    chosen.set(module, { there: name, by })
    for (const wanted of module.wanted) free.delete(splitName(joinedName(name, wanted.name))[0])
    free.delete(name)
  }
  /** Modules with others in them come first, before the inner ones are taken for something else. */
  const ordered = [true, false].flatMap((nested) =>
    modules.filter(({ wanted }) => wanted.some(({ name }) => isNested(name)) === nested),
  )
  const left = (): readonly Module[] => ordered.filter((module) => !chosen.has(module))
  const fitting = (module: Module): readonly string[] =>
    [...free].filter((name) => fits(module, there.get(name) as ReadonlyMap<string, AnyTensor>))
  /** True if no other layer under the same names has a variable of the same name. */
  const isOnly = (module: Module): boolean => {
    const others = modules.filter((other) => other !== module && other.name === module.name)
    return others.every(({ wanted }) => wanted.every(({ name }) => module.wanted.every((w) => w.name !== name)))
  }
  for (const module of left()) {
    const isThere = module.wanted.some(({ name }) => tensors.has(joinedName(module.name, name)))
    if (isThere && (isOnly(module) || fitting(module).includes(module.name))) take(module, module.name, 'name')
  }
  const around = sharedPrefix(left(), (module) => fitting(module))
  for (const module of left()) {
    const ends = fitting(module).filter((name) => name.endsWith(`.${module.name}`))
    const isAlone = ends.length === 1 && /[^\d.]/.test(module.name)
    const there = around === undefined ? ends[0] : `${around}.${module.name}`
    if (there !== undefined && (around !== undefined || isAlone)) take(module, there, 'ending')
  }
  const groups = new Map<string, Module[]>()
  for (const module of left()) {
    const key = signature(module)
    groups.set(key, [...(groups.get(key) ?? []), module])
  }
  for (const group of groups.values()) {
    const names = inOrder(fitting(group[0] as Module))
    if (names?.length === group.length)
      for (const [i, module] of group.entries()) take(module, names[i] as string, 'shape')
  }
  return chosen
}

/** A tensor of a file for each variable, as far as one can be told. What a map says counts first. */
export const match = (modules: readonly Module[], tensors: Tensors, renaming: Renaming): readonly Match[] => {
  const mapped = new Map(
    modules.flatMap((module) =>
      module.wanted.flatMap((wanted) => {
        const to = renaming(joinedName(module.name, wanted.name))?.to
        return to === undefined ? [] : [[wanted, to] as const]
      }),
    ),
  )
  const named = new Set(mapped.values())
  const rest = new Map([...tensors].filter(([name]) => !named.has(name)))
  const open = modules.filter(({ wanted }) => !wanted.some((w) => mapped.has(w)))
  const chosen = choose(open, rest)
  const taken = new Set([...chosen.values()].map(({ there }) => there))
  const free = [...modulesIn(rest)].filter(([name]) => !taken.has(name))
  return modules.flatMap((module) => {
    const found = chosen.get(module)
    const isLost = found === undefined && open.includes(module)
    const candidates = isLost ? free.filter(([, there]) => fits(module, there)).map(([name]) => name) : []
    return module.wanted.map((wanted): Match => {
      const to = mapped.get(wanted)
      const name = to ?? joinedName(found?.there ?? module.name, wanted.name)
      const by = to === undefined ? (found?.by ?? 'name') : 'map'
      return { module, wanted, name, by: isLost || !tensors.has(name) ? undefined : by, candidates }
    })
  })
}
