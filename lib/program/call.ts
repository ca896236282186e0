// Facts about a call of a program.
import { type PlaceView, type ProgramCall, replaced, viewsOf } from '../kernel/program.ts'
import type { Shape } from '../type/tensor.ts'

/** The indices of the slots among the arguments of a call. */
export const slotsOf = ({ args }: ProgramCall): readonly number[] => {
  const found: number[] = []
  replaced(
    args,
    () => undefined,
    ({ index }) => found.push(index),
  )
  return found
}

/** The kernel of a call, with the function that it applies: `map relu`. */
export const kernelOf = ({ kernel, args: [first] }: ProgramCall): string =>
  typeof first === 'string' ? `${kernel} ${first}` : kernel

/** The multiplications for each number of a product's result, from the shapes of its first two arguments. */
const factors: Readonly<Record<string, (a: Shape, b: Shape) => number | undefined>> = {
  matmul: (a) => a.at(-1),
  affine: (x) => x.at(-1),
  convolve: (_, W) => W[1],
  convolveToKernels: (d) => d[0],
}

/** The multiplications of a matrix product or a convolution; 0 for all other kernels. */
export const multiplications = (call: ProgramCall): number => {
  const [a, b] = viewsOf(call) as readonly (PlaceView | undefined)[]
  if (a === undefined || b === undefined) return 0
  if (call.kernel === 'convolveToImages') return a.size * (b.shape[1] as number)
  return (call.results[0]?.length ?? 0) * (factors[call.kernel]?.(a.shape, b.shape) ?? 0)
}
