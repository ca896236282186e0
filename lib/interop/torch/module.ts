import { StructureError } from '../../error/tensorError.ts'
import type { AnyLayer } from '../../layer/layer.ts'
import { describe } from '../../tensor/data.ts'
import { sameShape } from '../../tensor/shape.ts'
import type { Shape } from '../../type/tensor.ts'
import { type Channels, flattenedChannels } from '../flattened.ts'
import { axesIn, type VariableLayout } from '../layout/layout.ts'
import { layouts } from '../layout/layouts.ts'
import { type Innermost, innermost, type Naming, type Variable } from '../places.ts'
import { axesTurned, channelsTurned, rowsOf, same, type Turn } from '../turn.ts'

/** A variable as PyTorch has it in the module that stands for a layer. */
export interface Wanted {
  readonly variable: Variable
  /** Its name within the module: 'weight'. */
  readonly name: string
  readonly turn: Turn
  /** True for a bias, which a module may lack. */
  readonly isOptional: boolean
  /** True for a variable of a layer of one's own, which may be whole numbers. */
  readonly isOwn: boolean
}

/** The module of PyTorch that stands for an innermost layer with variables. */
export interface Module {
  /** The names around the layer, joined by dots. */
  readonly name: string
  readonly kind: string
  readonly wanted: readonly Wanted[]
  /** Names that the module has besides, which mean nothing here. */
  readonly besides: readonly string[]
  /** True if the order of its inputs could not be found out. */
  readonly isUnsure: boolean
}

const fits = ({ shape }: Variable, { axes }: VariableLayout): boolean =>
  axes === 'features' || axesIn(axes).length === shape.length

/**
 * The rows for a variable of a layer. A recurrent network of several layers or both directions has those of its first one,
 * whose names in PyTorch end in `_l0`, with another ending for each part.
 */
const rowFor = (rows: readonly VariableLayout[], { name, of }: Variable): VariableLayout | undefined => {
  const [, part, own = name] = /^(l\d+(?:_reverse)?)\.(.*)$/.exec(name) ?? []
  const row = rows.find((row) => row.name === own && row.of === of)
  if (part === undefined || row?.torch?.name.endsWith('_l0') !== true) return part === undefined ? row : undefined
  return { ...row, name, torch: { ...row.torch, name: row.torch.name.replace(/l0$/, part) } }
}

/** The rows of the table for the variables of a layer; undefined for a layer that is not of the catalogue. */
const rowsFor = ({ layer, variables }: Innermost): readonly VariableLayout[] | undefined => {
  const rows = layouts.find((row) => row.layer === layer.kind)?.variables ?? []
  const found = variables.map((variable) => rowFor(rows, variable)) as readonly VariableLayout[]
  return found.every((row, i) => row !== undefined && fits(variables[i] as Variable, row)) ? found : undefined
}

/** The last axes of examples as PyTorch has them, where those with channels have them first. */
const featuresTurned = (shape: Shape, isSequential: boolean): Turn => {
  if (shape.length === 3) return axesTurned(shape, 'height width channels', 'channels height width')
  return shape.length === 2 && isSequential ? axesTurned(shape, 'length channels', 'channels length') : same(shape)
}

const turnOf = (
  { shape }: Variable,
  { axes, torch }: VariableLayout,
  channels: number | undefined,
  isSequential: boolean,
): Turn => {
  if (channels !== undefined && axes !== 'out') return channelsTurned(shape, channels)
  return axes === 'features' ? featuresTurned(shape, isSequential) : axesTurned(shape, axes, torch?.axes ?? axes)
}

/** The names of the variables of a module, and the rows of those that are parts of one tensor there. */
const sharing = (
  variables: readonly Variable[],
  rows: readonly VariableLayout[],
): readonly { readonly name: string; readonly turn?: Turn }[] =>
  variables.map(({ name, shape }, i) => {
    const torch = rows[i]?.torch
    const together = variables.filter((_, j) => torch !== undefined && rows[j]?.torch?.name === torch.name)
    if (torch === undefined || together.length < 2) return { name: torch?.name ?? name }
    if (together.some((other) => !sameShape(other.shape.slice(1), shape.slice(1))))
      return { name: torch.alone ?? torch.name }
    const count = (of: readonly Variable[]): number => of.reduce((sum, other) => sum + (other.shape[0] as number), 0)
    const before = together.slice(
      0,
      together.findIndex((other) => other.name === name),
    )
    return { name: torch.name, turn: rowsOf(shape, count(before), count(together)) }
  })

const moduleOf = (inner: Innermost, channels: Channels | undefined, isSequential: boolean): Module => {
  const { layer, path, variables } = inner
  const rows = rowsFor(inner)
  const shared = sharing(variables, rows ?? [])
  return {
    name: path.join('.'),
    kind: layer.kind,
    wanted: variables.map((variable, i) => {
      const row = rows?.[i]
      return row === undefined
        ? { variable, name: variable.name, turn: same(variable.shape), isOptional: false, isOwn: true }
        : {
            variable,
            name: shared[i]?.name ?? variable.name,
            turn: shared[i]?.turn ?? turnOf(variable, row, channels === 'unknown' ? undefined : channels, isSequential),
            isOptional: row.name === 'b',
            isOwn: false,
          }
    }),
    besides: layer.kind === 'batchNorm' && rows !== undefined ? ['num_batches_tracked'] : [],
    isUnsure: channels === 'unknown' || (channels !== undefined && (rows === undefined || layer.kind === 'groupNorm')),
  }
}

/** The channels of inputs that were flattened images, by the dotted name of the layer; 1 where nothing is turned. */
export type FlattenedOption = { readonly [name: string]: number }

/** Checks the option: each layer must be there, and its channels must divide its number of inputs. */
const checkFlattened = (op: string, given: FlattenedOption, all: readonly Innermost[]): void => {
  for (const [name, channels] of Object.entries(given)) {
    const inner = all.find(({ path }) => path.join('.') === name)
    const width = inner?.variables[0]?.shape.at(-1)
    if (width === undefined)
      throw new StructureError({ op, expected: 'flattened: channels by the names of layers', actual: `'${name}'` })
    if (!Number.isInteger(channels) || channels < 1 || width % channels !== 0)
      throw new StructureError({
        op,
        expected: `channels that divide the ${width} inputs of '${name}'`,
        actual: describe(channels),
      })
  }
}

/** The names that parts of blocks have in PyTorch. */
const named: Naming = ({ kind, structure }, part) => {
  const row = structure?.tag === 'define' ? layouts.find(({ layer }) => layer === kind) : undefined
  return row?.parts?.[part]?.torch ?? part
}

/** The modules that stand for the layers of a network that have variables, in order. */
export const modulesOf = (op: string, layer: AnyLayer, flattened: FlattenedOption = {}): readonly Module[] => {
  const all = innermost(layer, named)
  checkFlattened(op, flattened, all)
  const isSequential = all.some(({ layer }) => layer.kind === 'conv1d')
  const channels = flattenedChannels(
    layer,
    all.map((inner) => inner.layer),
  )
  return all.flatMap((inner, i) => {
    const name = inner.path.join('.')
    const told = Object.hasOwn(flattened, name) ? flattened[name] : channels[i]
    return inner.variables.length === 0 ? [] : [moduleOf(inner, told === 1 ? undefined : told, isSequential)]
  })
}
