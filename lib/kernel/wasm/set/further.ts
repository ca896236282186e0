import type { KernelSet } from '../../kernelSet.ts'
import type { FurtherKernels } from '../../kernels.ts'
import { furtherMaps, furtherZips } from '../../names.ts'
import { binary, signatures } from '../binary/further.ts'
import { entrywise } from '../entrywise.ts'
import { bytesOf } from '../text.ts'

/** Functions that few networks have. */
export const further: KernelSet<FurtherKernels> = {
  name: 'further',
  code: () => bytesOf(binary),
  signatures,
  kernelsOn: (heap, exports) => entrywise(heap, exports, furtherMaps, furtherZips),
}
