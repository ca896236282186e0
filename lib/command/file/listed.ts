import { listIdxFile } from './listIdx.ts'
import type { Listing } from './listing.ts'
import { listNpyFile, listNpzFile } from './listNumpy.ts'
import { listSafetensorsFile } from './listSafetensors.ts'
import { listTfjs } from './listTfjs.ts'
import type { Recognized } from './recognized.ts'

/** Lists the tensors of a file by its headers, whatever its format but ONNX, which has more to list. */
export const listed = (
  file: string,
  { format, json }: Recognized & { readonly format: Exclude<Recognized['format'], 'onnx'> },
  links: boolean,
): Promise<Listing> | Listing => {
  if (format === 'npz') return listNpzFile(file)
  if (format === 'npy') return listNpyFile(file)
  if (format === 'idx') return listIdxFile(file)
  if (format === 'tfjs') return listTfjs(file, json ?? {})
  return listSafetensorsFile(file, links)
}
