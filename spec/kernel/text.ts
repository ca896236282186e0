// The code of the kernels as text, and one code as pieces of another.
import fc from 'fast-check'
import t from 'tap'
import { binary } from '../../lib/kernel/wasm/binary.ts'
// @ts-expect-error the build is plain JavaScript
import { piecesOf, textOf } from '../../lib/kernel/wasm/encode.mjs'
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

t.test('both codes are valid, and the second is written in less than a tenth of the first', async (t) => {
  t.ok(WebAssembly.validate(bytesOf(binary)))
  t.same(bytesOf(binary).subarray(0, 4), [0, 97, 115, 109])
  t.ok(JSON.stringify(pieces).length < binary.length / 10)
})
