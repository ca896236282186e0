import type { Data } from '../../tensor/data.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { fresh, type Raw, raw } from '../../tensor/view.ts'
import { transposeView } from '../../tensor/views.ts'
import type { AnyTensor, Shape } from '../../type/tensor.ts'
import type { Kernels } from '../kernels.ts'
import { type Window, windowCounts } from '../window.ts'
import { affine, matmul } from './matmul.ts'
import { col2im, im2col } from './windows.ts'

const matrix = (rows: number, columns: number, data: Data): AnyTensor => fresh([rows, columns], data as Float64Array)

/** The windows of images, a row for each. */
const windowsOf = (x: Raw, window: Window): Raw => {
  const rows = (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window))
  return raw(matrix(rows, sizeOf(window.kernel) * (x.shape[3] as number), im2col(x, window)))
}

export const convolve: Kernels['convolve'] = (x, W, b, window) => affine(windowsOf(x, window), W, b)

export const convolveToImages: Kernels['convolveToImages'] = (d, W, window, shape: Shape) => {
  const [rows, size] = [d.shape[0] as number, W.shape[1] as number]
  return col2im(raw(matrix(rows, size, matmul(d, W))), window, shape)
}

export const convolveToKernels: Kernels['convolveToKernels'] = (d, x, window) =>
  matmul(raw(transposeView(d as never, [1, 0])), windowsOf(x, window))
