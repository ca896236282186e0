import type { Data } from '../../tensor/data.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { fresh, type Raw, raw } from '../../tensor/view.ts'
import { sliceView, transposeView } from '../../tensor/views.ts'
import type { AnyTensor, Shape } from '../../type/tensor.ts'
import type { ImageKernels } from '../kernels.ts'
import { type Window, windowCounts } from '../window.ts'
import { affine, matmul } from './matmul.ts'
import { cast, concat } from './move.ts'
import { col2im, im2col } from './windows.ts'

const made = (shape: Shape, data: Data): Raw => raw(fresh(shape, data as Float64Array))

/** The windows of images, one per row. */
const windowsOf = (x: Raw, window: Window): Raw => {
  const rows = (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window))
  return made([rows, sizeOf(window.kernel) * (x.shape[3] as number)], im2col(x, window))
}

/** The part of one group along an axis. */
const share = (x: Raw, axis: number, group: number, groups: number): Raw => {
  const n = (x.shape[axis] as number) / groups
  const all = Array.from({ length: axis }, () => null)
  return raw(sliceView('convolve', x as unknown as AnyTensor, [...all, [group * n, (group + 1) * n]]))
}

/** The results of all groups, concatenated along an axis. */
const grouped = (groups: number, axis: number, run: (group: number) => Raw): Data =>
  concat(
    Array.from({ length: groups }, (_, g) => run(g)),
    axis,
  )

export const convolve: ImageKernels['convolve'] = (x, W, b, window, groups) =>
  grouped(groups, 1, (g) => {
    const rows = windowsOf(share(x, 3, g, groups), window)
    const kernels = share(W, 0, g, groups)
    return made([rows.shape[0] as number, kernels.shape[0] as number], affine(rows, kernels, share(b, 0, g, groups)))
  })

/** Converts to float64, so that the terms of a sum are not rounded before it. */
const wide = (x: Raw): Raw => (x.dtype === 'float64' ? x : made(x.shape, cast(x, 'float64')))

export const convolveToImages: ImageKernels['convolveToImages'] = (d, W, window, shape: Shape, groups) => {
  const [all, kernels] = [wide(d), wide(W)]
  const found = grouped(groups, 3, (g) => {
    const rows = made(
      [d.shape[0] as number, W.shape[1] as number],
      matmul(share(all, 1, g, groups), share(kernels, 0, g, groups)),
    )
    const images = [...shape.slice(0, 3), (shape[3] as number) / groups]
    return made(images, col2im(rows, window, images))
  })
  return cast(made(shape, found), d.dtype)
}

export const convolveToKernels: ImageKernels['convolveToKernels'] = (d, x, window, groups) =>
  grouped(groups, 0, (g) => {
    const rows = windowsOf(share(x, 3, g, groups), window)
    const columns = raw(transposeView(share(d, 1, g, groups) as unknown as AnyTensor, [1, 0]))
    return made([columns.shape[0] as number, rows.shape[1] as number], matmul(columns, rows))
  })
