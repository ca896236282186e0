import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { checkPath, divide, overlay } from './select.ts'
import { entries, type Tree, zipTrees } from './tree.ts'

/** Some tensors of a tree: the dotted names of tensors or records, or a predicate on the dotted name of each tensor. */
export type Selection = readonly string[] | ((path: string) => boolean)

/** Checks an option that selects tensors, where it is given. */
export const checkSelection = (op: string, option: string, given: unknown): void => {
  if (given === undefined || typeof given === 'function' || Array.isArray(given)) return
  throw new StructureError({
    op,
    expected: `${option} as a list of names, or a function of a name`,
    actual: describe(given),
    remedy: typeof given === 'string' ? `give it as ['${given}']` : undefined,
  })
}

/** The selected tensors and their dotted names; all by default. An empty selection is an error. */
export const selected = (
  op: string,
  tree: Tree,
  selection: Selection = () => true,
): readonly (readonly [path: string, tensor: AnyTensor])[] => {
  if (typeof selection !== 'function') for (const name of selection) checkPath(op, tree, name)
  const isSelected =
    typeof selection === 'function'
      ? selection
      : (path: string) => selection.some((name) => `${path}.`.startsWith(`${name}.`))
  const all = entries(tree, op).map(([path, t]) => [path.join('.'), t] as const)
  const found = all.filter(([path]) => isSelected(path))
  if (found.length > 0) return found
  const names = all.map(([path]) => path).join(', ')
  throw new StructureError({ op, expected: `some of the parameters ${names}`.trimEnd(), actual: 'an empty choice' })
}

/** Zips two trees where selected, or everywhere without a selection; elsewhere the first tree stays unchanged. */
export const zipSelected = <T extends Tree>(
  op: string,
  selection: Selection | undefined,
  a: T,
  b: NoInfer<T>,
  f: (x: AnyTensor, y: AnyTensor) => AnyTensor,
): T => {
  if (selection === undefined) return zipTrees<T>(a, b, f, op)
  const paths = typeof selection === 'function' ? selected(op, b, selection).map(([path]) => path) : selection
  const [x = {}, y = {}] = [a, b].map((t) => divide(op, t, paths)[0])
  return overlay(a, zipTrees<Tree>(x, y, f, op))
}
