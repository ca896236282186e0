import type { KernelSet } from '../../kernelSet.ts'
import type { ImageKernels } from '../../kernels.ts'
import { binary, signatures } from '../binary/images.ts'
import { convolutions } from '../convolution.ts'
import { bytesOf } from '../text.ts'
import { windows } from '../windows.ts'

/** The kernels of images: windows, convolutions and pools. */
export const images: KernelSet<ImageKernels> = {
  name: 'images',
  code: () => bytesOf(binary),
  signatures,
  kernelsOn: (heap, exports, product) => ({
    ...windows(heap, exports),
    ...convolutions(heap, exports, product),
  }),
}
