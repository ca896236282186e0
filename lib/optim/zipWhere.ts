import { StructureError } from '../error/tensorError.ts'
import { divide, overlay } from '../tree/select.ts'
import { entries, type Tree, zipTrees } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'

/** Which of the parameters: the dotted names of tensors or records, or a predicate on the dotted name of each tensor. */
export type Where = readonly string[] | ((path: string) => boolean)

const pathsOf = (op: string, where: Where, tree: Tree): readonly string[] => {
  if (typeof where !== 'function') return where
  const all = entries(tree, op).map(([path]) => path.join('.'))
  const chosen = all.filter((path) => where(path))
  if (chosen.length > 0) return chosen
  throw new StructureError({ op, expected: `a predicate that holds for one of ${all.join(', ')}`, actual: 'none' })
}

/** Two trees zipped into one where it is said, the first as it is elsewhere. */
export const zipWhere = <P extends Tree>(
  op: string,
  where: Where | undefined,
  a: P,
  b: P,
  f: (x: Tensor, y: Tensor) => Tensor,
): P => {
  const zip = (x: Tree, y: Tree): Tree => zipTrees(x, y, (u, v) => f(u as Tensor, v as Tensor), op)
  if (where === undefined) return zip(a, b) as P
  const paths = pathsOf(op, where, b)
  const [x = {}, y = {}] = [a, b].map((t) => divide(op, t, paths)[0])
  return overlay(a, zip(x, y))
}
