// Files of safetensors that are wrong, by the reason that they are refused for.

/** A file of a header and of some bytes behind it, as the specification says. */
export const file = (header: string | Uint8Array, data: number | Uint8Array = 0): Uint8Array => {
  const head = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const numbers = typeof data === 'number' ? new Uint8Array(data) : data
  const bytes = new Uint8Array(8 + head.length + numbers.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true)
  bytes.set(head, 8)
  bytes.set(numbers, 8 + head.length)
  return bytes
}
/** The header of one tensor. */
export const one = (fields: object, name = 'W'): string =>
  JSON.stringify({ [name]: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields } })

export const W = one({})
export const pair = (a: readonly number[], b: readonly number[]): string =>
  JSON.stringify({
    a: { dtype: 'F32', shape: [((a[1] as number) - (a[0] as number)) / 4], data_offsets: a },
    b: { dtype: 'F32', shape: [((b[1] as number) - (b[0] as number)) / 4], data_offsets: b },
  })
export const malformed: Readonly<Record<string, readonly (readonly [what: string, bytes: Uint8Array])[]>> = {
  Truncated: [
    ['no bytes at all', new Uint8Array(0)],
    ['seven bytes', new Uint8Array(7)],
    ['the length alone', file(W).subarray(0, 8)],
    ['a header cut short', file(W, 8).subarray(0, 20)],
    ['no numbers', file(W)],
    ['numbers cut short', file(W, 7)],
    ['the second entry cut short', file(pair([0, 4], [4, 8]), 6)],
  ],
  OtherFormat: [
    ['a zip archive', new TextEncoder().encode('PK\x03\x04 and more')],
    ['a NumPy array', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0)],
    ['an HDF5 file', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)],
    ['a gzip archive', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0)],
    ['a GGUF file', new TextEncoder().encode('GGUF\x03\x00\x00\x00')],
    ['no bytes but a text', '{}' as never],
    ['no bytes but an ArrayBuffer', new ArrayBuffer(8) as never],
  ],
  HeaderTooLong: [
    ['2⁶⁴ − 1', new Uint8Array(16).fill(255)],
    ['2⁶³', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128, 123, 125)],
    ['a byte more than allowed', Uint8Array.of(1, 0xe1, 0xf5, 5, 0, 0, 0, 0, 123, 125)],
    ['a text file', new TextEncoder().encode('{"a": "text"}')],
  ],
  NotUtf8: [
    ['a lone continuation byte', file(Uint8Array.of(0x7b, 0x80, 0x7d))],
    ['an overlong slash', file(Uint8Array.of(0x7b, 0xc0, 0xaf, 0x7d))],
    ['a surrogate', file(Uint8Array.of(0x7b, 0xed, 0xa0, 0x80, 0x7d))],
    ['half of an escaped pair', file(one({}, '\ud800'), 8)],
    ['the other half', file(one({}, 'a\udc00b'), 8)],
    ['halves in the wrong order', file(one({}, '\udc00\ud800'), 8)],
    ['half of a pair as the name of a text', file('{"__metadata__":{"\\ud800":""}}')],
  ],
  NotJson: [
    ['an empty header', file('')],
    ['a space in front', file(' {}')],
    ['a byte order mark', file('\ufeff{}')],
    ['an array', file('[]')],
    ['null', file('null')],
    ['an open object', file('{')],
    ['a comma too many', file(W.replace('}}', '},}'), 8)],
    ['two objects', file('{}{}')],
    ['a comment', file('{/* */}')],
    ['NaN', file('{"W":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}', 8)],
    ['a sign in front', file('{"W":{"dtype":"F32","shape":[+2],"data_offsets":[0,8]}}', 8)],
    ['zeros behind the header', file(`${W}\u0000\u0000`, 8)],
    ['a string that does not end', file('{"W')],
    ['a value that does not end', file('{"W":[1')],
    ['no comma', file(`{${W.slice(1, -1)} ${one({}, 'V').slice(1, -1)}}`, 8)],
    ['a name without quotes', file('{W:1}')],
    ['a name without a colon', file('{"W" 1}')],
    ['a number as a name', file('{1:{}}')],
    ['a bad escape in a name', file('{"\\x":{}}')],
    ['an unknown field that is none', file(one({ note: 0 }).replace('"note":0', '"note":nothing'), 8)],
    ['an unknown record with a field that is none', file(one({ note: {} }).replace('"note":{', '"note":{"a":x'), 8)],
  ],
  TooDeep: [
    ['brackets a hundred thousand deep', file(`{"W":${'['.repeat(1e5)}`, 8)],
    ['a list in a shape', file('{"W":{"shape":[[2]]}}')],
    ['a shape 128 deep', file(`{"W":{"shape":${'['.repeat(127)}${']'.repeat(127)}}}`)],
    ['a note a hundred thousand deep', file(`{"W":{"note":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`)],
    ['texts a hundred thousand deep', file(`{"__metadata__":${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}}`)],
  ],
  DuplicateName: [
    ['two entries of a name', file(`{${W.slice(1, -1)},${W.slice(1, -1)}}`, 8)],
    ['the same name, spelled otherwise', file(`{${W.slice(1, -1)},"\\u0057":{"dtype":"F32"}}`, 8)],
    ['two shapes of an entry', file('{"W":{"dtype":"F32","shape":[9],"shape":[2],"data_offsets":[0,8]}}', 8)],
    ['two texts of a name', file('{"__metadata__":{"a":"","a":""}}')],
    ['two records of texts', file('{"__metadata__":{},"__metadata__":{}}')],
  ],
  BadMetadata: [
    ['a number', file('{"__metadata__":1}')],
    ['null', file('{"__metadata__":null}')],
    ['a list', file('{"__metadata__":[]}')],
    ['a number as a text', file('{"__metadata__":{"a":1}}')],
    ['a record as a text', file('{"__metadata__":{"a":{}}}')],
    ['half of a surrogate pair', file('{"__metadata__":{"a":"\\ud800"}}')],
  ],
  BadEntry: [
    ['a number', file('{"W":1}')],
    ['null', file('{"W":null}')],
    ['a list', file('{"W":[]}')],
    ['no dtype', file(one({ dtype: undefined }), 8)],
    ['a dtype of megabytes', file(`{"W":{"dtype":{${'"a":1,'.repeat(1e5)}"b":1}}}`)],
    ['a dtype that is no text', file(one({ dtype: ['F32'] }), 8)],
  ],
  UnsupportedNumbers: [
    ['complex numbers', file(one({ dtype: 'C64', shape: [1] }), 8)],
    ['six bits', file(one({ dtype: 'F6_E2M3', shape: [4], data_offsets: [0, 3] }), 3)],
    ['six bits of another kind', file(one({ dtype: 'F6_E3M2', shape: [4], data_offsets: [0, 3] }), 3)],
    ['a name that every object has', file(one({ dtype: 'constructor' }), 8)],
    ['another name that every object has', file(one({ dtype: '__proto__' }), 8)],
    ['lower case', file(one({ dtype: 'f32' }), 8)],
  ],
  BadShape: [
    ['too many axes', file(one({ shape: new Array(33).fill(1), data_offsets: [0, 4] }), 4)],
    ['none', file(one({ shape: undefined }), 8)],
    ['a number', file(one({ shape: 2 }), 8)],
    ['a record', file(one({ shape: { length: 2 } }), 8)],
    ['a negative size', file(one({ shape: [-2] }), 8)],
    ['two negative sizes', file(one({ shape: [-1, -2] }), 8)],
    ['a fraction', file(one({ shape: [0.5, 4] }), 8)],
    ['a whole number with a point', file('{"W":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}', 8)],
    ['a power of ten', file('{"W":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}', 8)],
    ['minus zero', file('{"W":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}')],
    ['a list of millions', file(`{"W":[${'[],'.repeat(1e6)}[]]}`)],
    ['half a byte', file(one({ dtype: 'F4', shape: [3], data_offsets: [0, 1] }), 1)],
    ['a text', file(one({ shape: ['2'] }), 8)],
    ['a size beyond whole numbers', file(one({ shape: [2 ** 53] }), 8)],
    ['an infinite size', file('{"W":{"dtype":"F32","shape":[1e400],"data_offsets":[0,8]}}', 8)],
    ['a product that overflows 64 bits', file(one({ shape: [2 ** 32, 2 ** 32, 2 ** 2] }), 8)],
    ['a product of bytes that is not exact', file(one({ shape: [2 ** 52] }), 8)],
  ],
  BadOffsets: [
    ['none', file(one({ data_offsets: undefined }), 8)],
    ['one', file(one({ data_offsets: [8] }), 8)],
    ['three', file(one({ data_offsets: [0, 8, 8] }), 8)],
    ['the end before the beginning', file(one({ data_offsets: [8, 0] }), 8)],
    ['a negative one', file(one({ data_offsets: [-8, 0] }), 8)],
    ['a fraction', file(one({ data_offsets: [0, 8.5] }), 8)],
    ['a whole number with a point', file('{"W":{"dtype":"F32","shape":[2],"data_offsets":[0,8.0]}}', 8)],
    ['minus zero', file('{"W":{"dtype":"F32","shape":[2],"data_offsets":[-0,8]}}', 8)],
    ['texts', file(one({ data_offsets: ['0', '8'] }), 8)],
  ],
  WrongSize: [
    ['too few bytes', file(one({ shape: [3] }), 8)],
    ['too many bytes', file(one({ shape: [1] }), 8)],
    ['bytes for no numbers', file(one({ shape: [0] }), 8)],
    ['bytes for no numbers among huge sizes', file(one({ shape: [2 ** 40, 2 ** 40, 0] }), 8)],
    ['a scalar', file(one({ shape: [] }), 8)],
    ['four bits', file(one({ dtype: 'F4', shape: [8] }), 8)],
    ['double precision', file(one({ dtype: 'F64' }), 8)],
    ['more than the file could ever hold', file(one({ shape: [2 ** 40] }), 8)],
  ],
  Overlap: [
    ['two entries at one place', file(pair([0, 8], [0, 8]), 8)],
    ['one that begins within another', file(pair([0, 8], [4, 12]), 12)],
    ['an empty one within another', file(pair([0, 8], [4, 4]), 8)],
  ],
  Hole: [
    ['at the beginning', file(one({ data_offsets: [4, 12] }), 12)],
    ['in between', file(pair([0, 4], [8, 12]), 12)],
    ['far behind the end', file(one({ data_offsets: [1e12, 1e12 + 8] }), 8)],
  ],
  TooLarge: [['an entry of many fields', file(`{"W":{${Array.from({ length: 99 }, (_, i) => `"${i}":0`).join()}}}`)]],
  TrailingBytes: [
    ['one behind the numbers', file(W, 9)],
    ['an archive behind the numbers', file(W, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x4b, 3, 4))],
    ['numbers that nobody declares', file('{}', 4)],
  ],
}
