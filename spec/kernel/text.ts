// The code of the kernels as text, and one code as pieces of another.
import fc from 'fast-check'
import t from 'tap'
// @ts-expect-error the build is plain JavaScript
import { piecesOf, textOf } from '../../lib/kernel/wasm/encode.mjs'
import { core } from '../../lib/kernel/wasm/set/core.ts'
import { further } from '../../lib/kernel/wasm/set/further.ts'
import { images } from '../../lib/kernel/wasm/set/images.ts'
import { normalization } from '../../lib/kernel/wasm/set/normalization.ts'
import { bytesOf } from '../../lib/kernel/wasm/text.ts'
import { pieces } from '../../lib/relaxed/binary.ts'
import { assembled } from '../../lib/relaxed/code.ts'
import { check } from '../support/property.ts'

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)

t.test('every byte comes back from its text, which needs no escapes in a program', async (t) => {
  t.same(bytesOf(textOf(every)), every)
  t.match(textOf(every), /^[(-[\]-~]*$/)
  t.equal(textOf(every.subarray(0, 83)).length, 83, 'small bytes are one character each')
  t.same(bytesOf(''), new Uint8Array(0))
})

t.test('code comes back from pieces of other code', async (t) => {
  const bytes = fc.array(fc.nat(1), { maxLength: 60 })
  check(
    fc.tuple(bytes, bytes, bytes),
    ([a, b, c]) => {
      const [from, to] = [Uint8Array.from([...a, ...b, ...c]), Uint8Array.from([...b, ...a, 255, ...c])]
      t.same(assembled(from, piecesOf(from, to)), to)
      return true
    },
    30,
  )
})

/** The kinds of the sections of a module. */
const sectionsOf = (code: Uint8Array): readonly number[] => {
  const kinds: number[] = []
  for (let at = 8; at < code.length; ) {
    kinds.push(code[at++] as number)
    let [length, shift] = [0, 0]
    for (let byte = 128; byte >= 128; shift += 7) {
      byte = code[at++] as number
      length += (byte & 127) << shift
    }
    at += length
  }
  return kinds
}

t.test('the code of each set is valid, and what relaxed SIMD changes is written in less than a tenth', async (t) => {
  for (const set of [core, further, images, normalization]) {
    const code = Uint8Array.from(set.code())
    t.ok(WebAssembly.validate(code), set.name)
    t.same(code.subarray(0, 4), [0, 97, 115, 109])
    t.notOk(sectionsOf(code).includes(11), 'sets share a memory, in which data of one would lie over that of another')
    t.ok(JSON.stringify(pieces[set.name]).length < code.length / 10)
  }
})
