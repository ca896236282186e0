import type { KernelSet } from '../../kernelSet.ts'
import type { Kernels } from '../../kernels.ts'
import { maps, zips } from '../../names.ts'
import { adam } from '../adam.ts'
import { binary, signatures } from '../binary/core.ts'
import { entrywise } from '../entrywise.ts'
import { moves } from '../move.ts'
import { products } from '../products.ts'
import { random } from '../random.ts'
import { rowwise } from '../rows.ts'
import { bytesOf } from '../text.ts'

/** The kernels that whatever computes has. */
export const core: KernelSet<Kernels> = {
  name: 'core',
  code: () => bytesOf(binary),
  signatures,
  kernelsOn: (heap, exports, product) => ({
    ...entrywise(heap, exports, maps, zips),
    ...adam(heap, exports),
    ...rowwise(heap, exports),
    ...products(heap, product, exports),
    ...random(heap, exports),
    ...moves(heap, exports),
  }),
}
