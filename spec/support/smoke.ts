/** A program that uses every subpath of the package, and what it prints. */
export const smoke = {
  program: `import { linear, zeros } from 'pullback'
import { curves, report } from 'pullback/chart'
import { layouts } from 'pullback/interop'
import { mpi } from 'pullback/mpi'
import { readIdx } from 'pullback/node'
import { decodeNpy, encodeNpy } from 'pullback/numpy'
import { fromOnnx } from 'pullback/onnx'
import { reference } from 'pullback/reference'
import { relaxed } from 'pullback/relaxed'
import { readTable } from 'pullback/table'
import { startRanks } from 'pullback/workers'
const history = { epoch: [1, 2], loss: [0.9, 0.4] }
console.log(linear(2, 1).kind, curves(history).slice(0, 4), report({ history }).slice(0, 9), typeof readIdx, typeof startRanks)
console.log(fromOnnx(new Uint8Array(0))._tag, decodeNpy(encodeNpy(zeros([2])))._tag, layouts.length > 9, reference.name, relaxed()._tag.length > 3, mpi({ path: 'none' })._tag, (await readTable('x\\n1\\n2\\n')()).right.count)
`,
  prints: 'linear <svg <!doctype function function\nLeft Right true reference true Left 2\n',
}
