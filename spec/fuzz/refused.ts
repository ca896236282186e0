// The memory that is taken for files that are refused, also for those of megabytes that ask for much more.
import '../support/fuzz/memory.ts'

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { decodeSafetensors, zeros } from 'pullback'
import { decodeNpy, decodeNpz, encodeNpy } from 'pullback/numpy'
import t from 'tap'
import { outcome } from '../support/fuzz/fuzz.ts'
import { allocated } from '../support/fuzz/memory.ts'
import { malformed as arrays } from '../support/malformed/npy.ts'
import { malformed as archives, bomb, none } from '../support/malformed/npz.ts'
import { file, malformed as safetensors } from '../support/malformed/safetensors.ts'

const most = 64 * 2 ** 20
type Files = readonly (readonly [what: string, bytes: Uint8Array])[]
const readers = {
  safetensors: [decodeSafetensors, Object.values(safetensors).flat()],
  npy: [decodeNpy, Object.values(arrays).flat()],
  npz: [decodeNpz, Object.values(archives).flatMap((all) => Object.entries(all))],
} as const satisfies { readonly [format: string]: readonly [unknown, Files] }

t.test('all malformed files', async (t) => {
  for (const [format, [read, files]] of Object.entries(readers)) {
    let largest = 0
    for (const [what, bytes] of files) {
      allocated()
      const reason = outcome(read(bytes))
      const made = allocated()
      largest = Math.max(largest, made)
      if (reason === 'right' || made > most) t.fail(`${format}, ${what}: ${reason}, ${made} bytes`)
    }
    t.ok(files.length > 50 && largest < most, `${format}: ${files.length} files, at most ${largest} bytes of arrays`)
  }
})

const tensor = (name: number): string => `"${name}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`
const times = (n: number, f: (i: number) => string): string => Array.from({ length: n }, (_, i) => f(i)).join()
/** Files of up to 20 MB, and the reason that they are refused for. */
const hostile: {
  readonly [what: string]: readonly [format: 'safetensors' | 'npz', reason: string, bytes: Uint8Array]
} = {
  'an entry that is a list of lists': ['safetensors', 'BadShape', file(`{"a":[${'[],'.repeat(6e6)}[]]}`)],
  'a shape of lists': ['safetensors', 'TooDeep', file(`{"a":{"shape":[${'[],'.repeat(6e6)}[]]}}`)],
  'a shape of many sizes': ['safetensors', 'BadShape', file(`{"a":{"shape":[${'1,'.repeat(9e6)}1]}}`)],
  'an entry of many fields': ['safetensors', 'TooLarge', file(`{"a":{${times(2e5, (i) => `"${i}":[]`)}}}`)],
  'many tensors': ['safetensors', 'TrailingBytes', file(`{${times(5e4, tensor)}}`, 1)],
  'a bomb that is no array': ['npz', 'OtherFormat', bomb(none, 300)],
  'a bomb behind an array': ['npz', 'TrailingBytes', bomb(encodeNpy(zeros([2])), 300)],
}

const reader = `
import { parentPort } from 'node:worker_threads'
import { decodeSafetensors } from 'pullback'
import { decodeNpz } from 'pullback/numpy'
parentPort.on('message', ({ format, bytes }) => {
  const found = (format === 'npz' ? decodeNpz : decodeSafetensors)(bytes)
  parentPort.postMessage(found._tag === 'Left' ? found.left.reason : 'right')
})`

t.test(
  'files of megabytes in a worker with a heap of 100 MB, most of which the library and the header take',
  async (t) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(reader)}`), {
      resourceLimits: { maxOldGenerationSizeMb: 100 },
    })
    t.teardown(() => worker.terminate())
    for (const [what, [format, expected, bytes]] of Object.entries(hostile)) {
      worker.postMessage({ format, bytes })
      const [reason] = await once(worker, 'message') // an error of the worker is thrown
      t.equal(reason, expected, what)
    }
  },
)
