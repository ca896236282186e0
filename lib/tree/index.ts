export { at, type Lens, modify } from './lens.ts'
export { type At, type Flat, flatten, type Node, type Path, type Unflat, unflatten } from './path.ts'
export { traverse } from './traverse.ts'
export { leaves, map, rebuild, reduce, type Tree, zipWith } from './tree.ts'
