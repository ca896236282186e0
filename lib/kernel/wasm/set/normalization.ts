import type { KernelSet } from '../../kernelSet.ts'
import type { NormalizationKernels } from '../../kernels.ts'
import { binary, signatures } from '../binary/normalization.ts'
import { normalizing } from '../normalize.ts'
import { bytesOf } from '../text.ts'

/** The kernels of normalization. */
export const normalization: KernelSet<NormalizationKernels> = {
  name: 'normalization',
  code: () => bytesOf(binary),
  signatures,
  kernelsOn: normalizing,
}
