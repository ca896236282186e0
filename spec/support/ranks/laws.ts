// Each rank runs the laws of communicators, and prints those that hold.
import { laws } from '../../law/communicator.ts'
import { group } from './group.ts'

const c = group()
for (const [name, law] of Object.entries(laws)) {
  law(c)
  console.log(name)
}
