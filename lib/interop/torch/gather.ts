import type { ErrorCode } from '../../error/codes.ts'
import { difference } from '../../error/issue.ts'
import { zeros } from '../../tensor/create.ts'
import { eqTensor } from '../../tensor/eq.ts'
import { sameShape, showShape } from '../../tensor/shape.ts'
import type { AnyTensor, Float, Shape } from '../../type/tensor.ts'
import { showPlace } from '../places.ts'
import type { By, Match } from './match.ts'
import { joinedName, splitName } from './names.ts'

/** Why a tensor was not taken, or what is doubtful about it. */
export interface StateDictIssue {
  /**
   * A variable without a tensor, a tensor without a variable, one of another shape or number format, two tensors for
   * one variable that differ, or inputs of an unknown order.
   */
  readonly _tag: 'Missing' | 'Extra' | 'WrongShape' | 'WrongFormat' | 'Differs' | 'Order'
  /** The kind of the difference as docs/errors.md has it. */
  readonly code: ErrorCode
  /** The place of the variable, 'params.conv.W'; for an extra tensor its name. */
  readonly path: string
  readonly message: string
}

/** A variable, and where its numbers come from. */
export interface Assigned {
  /** Its place here: 'params.conv.W'. */
  readonly path: string
  readonly shape: Shape
  /** The tensor that it was filled from. */
  readonly name: string
  /** How that was found: by the map, by its name, by the end of its name, or by its shape. */
  readonly by: By
  /** The shape of the tensor. */
  readonly from: Shape
  /** How its entries were put into another order; empty if they were not. */
  readonly turned: string
}

/** The variables of a layer that were found in a file. */
export interface Gathered {
  /** Tensors in the layout here, by the places of the variables. */
  readonly values: ReadonlyMap<string, AnyTensor>
  readonly assigned: readonly Assigned[]
  readonly issues: readonly StateDictIssue[]
}

type Tensors = ReadonlyMap<string, AnyTensor>

const placeOf = ({ wanted }: Match): string => showPlace(wanted.variable.place)

/** The number format of the first tensor that was found; a count of minibatches has another. */
const formatOf = (matches: readonly Match[], tensors: Tensors): Float => {
  const formats = matches.map(({ by, name }) => (by === undefined ? undefined : tensors.get(name)?.dtype))
  return formats.find((dtype): dtype is Float => dtype !== undefined && dtype !== 'int32') ?? 'float32'
}

/** The reason why a tensor cannot be taken, if there is one. */
const flawOf = (one: Match, tensor: AnyTensor, dtype: Float): StateDictIssue | undefined => {
  const { wanted, name } = one
  const { shape } = wanted.turn
  const path = placeOf(one)
  if (!sameShape(tensor.shape, shape))
    return difference('WrongShape', path, `expected '${name}' ${showShape(shape)}, got ${showShape(tensor.shape)}`)
  if (tensor.dtype !== dtype && !(wanted.isOwn && tensor.dtype === 'int32'))
    return difference('WrongFormat', path, `expected '${name}' in ${dtype}, got ${tensor.dtype}: convert it with cast`)
  return undefined
}

const missing = (one: Match, isZero: boolean): StateDictIssue => {
  const { name, wanted, candidates } = one
  const which = `: ${candidates.map((c) => `'${c}'`).join(', ')} fit; say in a map which`
  const more = isZero ? '; zeros are taken' : candidates.length > 1 ? which : ''
  const message = `expected '${name}' ${showShape(wanted.turn.shape)}, got nothing${more}`
  return difference('Missing', placeOf(one), message)
}

const unsure = (one: Match): readonly StateDictIssue[] => {
  const { module, wanted } = one
  if (!module.isUnsure || wanted !== module.wanted[0]) return []
  const what = `'${module.name}': channels`
  const message = `cannot tell whether it takes an image flattened: say flattened: { ${what} }, 1 if it does not`
  return [{ _tag: 'Order', code: 'structure-mismatch', path: placeOf(one), message }]
}

/** The names that are no surprise: those that were taken, and what their modules have besides. */
const expectedNames = (matches: readonly Match[]): ReadonlySet<string> =>
  new Set(
    matches.flatMap(({ name, by, module }) =>
      by === undefined ? [] : [name, ...module.besides.map((other) => joinedName(splitName(name)[0], other))],
    ),
  )

/** Takes the tensors that were found for variables. A bias without a tensor is zeros if `canBeZero` and its weight is there. */
export const gather = (matches: readonly Match[], tensors: Tensors, canBeZero: boolean): Gathered => {
  const dtype = formatOf(matches, tensors)
  const values = new Map<string, AnyTensor>()
  const assigned: Assigned[] = []
  const issues: StateDictIssue[] = []
  const found = matches.filter(({ by }) => by !== undefined)
  for (const one of found) {
    const [path, tensor] = [placeOf(one), tensors.get(one.name) as AnyTensor]
    const { turn, variable } = one.wanted
    const flaw = flawOf(one, tensor, dtype)
    if (flaw !== undefined) {
      issues.push(flaw)
      continue
    }
    const [before, value] = [values.get(path), turn.from(tensor)]
    if (before !== undefined && !eqTensor.equals(before, value))
      issues.push({
        _tag: 'Differs',
        code: 'structure-mismatch',
        path,
        message: `expected '${one.name}' to equal what it is tied to`,
      })
    if (before !== undefined) continue
    values.set(path, value)
    assigned.push({
      path,
      shape: variable.shape,
      name: one.name,
      by: one.by as By,
      from: turn.shape,
      turned: turn.says,
    })
    issues.push(...unsure(one))
  }
  const told = new Set([...values.keys(), ...issues.map(({ path }) => path)])
  for (const one of matches) {
    const path = placeOf(one)
    if (one.by !== undefined || told.has(path)) continue
    const hasWeight = found.some((other) => other.module === one.module)
    const isZero = canBeZero && one.wanted.isOptional && hasWeight
    if (isZero) values.set(path, zeros(one.wanted.variable.shape, dtype) as AnyTensor)
    issues.push(missing(one, isZero))
    told.add(path)
  }
  const expected = expectedNames(matches)
  for (const [name, { shape }] of tensors)
    if (!expected.has(name)) issues.push(difference('Extra', name, `expected nothing, got ${showShape(shape)}`))
  return { values, assigned, issues }
}
