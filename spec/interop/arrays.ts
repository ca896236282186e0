// The archives of spec/support/numpy.ts are what the program arrays.py makes.
import { join } from 'node:path'
import t from 'tap'
import { limitsIn } from '../../lib/codec/limits.ts'
import { readDirectory } from '../../lib/numpy/zip/directory.ts'
import { placesIn } from '../../lib/numpy/zip/places.ts'
import * as fixtures from '../support/numpy.ts'
import { fromPython, withoutPython } from '../support/python.ts'
import { root } from '../support/run.ts'

/**
 * What an archive says of its entries, with the checksums of their bytes. Where they lie and what version they need
 * differs with the version of Python and of zlib.
 */
const entriesOf = (text: string) => {
  const bytes = fixtures.bytesOf(text)
  return placesIn(bytes, readDirectory(bytes, limitsIn('arrays', {}))).map(({ name, flags, method, crc, size }) => ({
    name,
    flags,
    method,
    crc,
    size,
  }))
}

t.test('what NumPy writes is what it wrote', { skip: withoutPython('numpy') }, async (t) => {
  const [made = {}] = fromPython<{ readonly [name: string]: string }>([join(root, 'spec/interop/arrays.py')])
  const { bytesOf, ...kept } = fixtures
  t.same(Object.keys(made).sort(), Object.keys(kept).sort())
  for (const [name, text] of Object.entries(kept)) t.same(entriesOf(made[name] as string), entriesOf(text), name)
})
