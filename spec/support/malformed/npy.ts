// Arrays of NumPy that are wrong, by the reason that they are refused for.

/** A file of a header and numbers, as the format says; version 1.0 unless another is given. */
export const file = (header: string, data: number | ArrayBufferView = 0, version = [1, 0]): Uint8Array => {
  const head = new TextEncoder().encode(`${header}\n`)
  const numbers =
    typeof data === 'number' ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const begin = version[0] === 1 ? 10 : 12
  const bytes = new Uint8Array(begin + head.length + numbers.length)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, ...version, head.length & 255, head.length >> 8])
  bytes.set(head, begin)
  bytes.set(numbers, begin + head.length)
  return bytes
}
export const dictionary = (descr = "'<f4'", shape = '(2,)', fortran = 'False'): string =>
  `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}}`

export const malformed: Readonly<Record<string, readonly (readonly [what: string, bytes: Uint8Array])[]>> = {
  OtherFormat: [
    ['a text', new TextEncoder().encode('1, 2, 3')],
    ['a zip archive', new TextEncoder().encode('PK\x03\x04')],
    ['no bytes', '{}' as never],
    ['an ArrayBuffer', new ArrayBuffer(8) as never],
  ],
  OtherVersion: [
    ['0.0', file(dictionary(), 8, [0, 0])],
    ['1.1', file(dictionary(), 8, [1, 1])],
    ['4.0', file(dictionary(), 8, [4, 0])],
  ],
  Truncated: [
    ['nothing', new Uint8Array(0)],
    ['no numbers', file(dictionary())],
    ['one number too few', file(dictionary(), 4)],
    ['more than any file has', file(dictionary("'<f4'", '(1099511627776,)'), 8)],
    ['a header of 2¹⁶ − 1 bytes', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x10, 0x27)],
  ],
  TrailingBytes: [
    ['one', file(dictionary(), 9)],
    ['bytes for no numbers', file(dictionary("'<f4'", '(0,)'), 4)],
    ['a second array', new Uint8Array([...file(dictionary(), 8), ...file(dictionary(), 8)])],
    ['no numbers of huge sizes', file(dictionary("'<f4'", '(1099511627776, 1099511627776, 0)'), 4)],
  ],
  HeaderTooLong: [
    ['10,001 bytes', file(`${dictionary()}${' '.repeat(10_000)}`, 8)],
    ['4 GiB', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 255, 255, 255, 255)],
  ],
  NotUtf8: [
    ['a lone byte in version 3', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 3, 0, 2, 0, 0, 0, 0x80, 10)],
  ],
  DuplicateName: [['a shape twice', file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (3,)}", 8)]],
  BadHeader: [
    ['nothing', file('')],
    ['no dictionary', file("('<f4', False, (2,))", 8)],
    ['a name missing', file("{'descr': '<f4', 'shape': (2,)}", 8)],
    ['two names as one', file("{'descr,fortran_order': False, 'shape': (2,)}", 8)],
    ['a name too many', file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'then': 1}", 8)],
    ['another name', file("{'__proto__': '<f4', 'fortran_order': False, 'shape': (2,)}", 8)],
    ['a name that is a number', file("{1: '<f4', 'fortran_order': False, 'shape': (2,)}", 8)],
    ['JSON', file('{"descr": "<f4", "fortran_order": false, "shape": [2]}', 8)],
    ['a number as the order', file(dictionary("'<f4'", '(2,)', '0'), 8)],
    ['None as the order', file(dictionary("'<f4'", '(2,)', 'None'), 8)],
    ['a call', file(dictionary("'<f4'", "__import__('os').system('ls')"), 8)],
    ['a sum', file(dictionary("'<f4'", '(1 + 1,)'), 8)],
    ['a fraction', file(dictionary("'<f4'", '(2.0,)'), 8)],
    ['another base', file(dictionary("'<f4'", '(0x2,)'), 8)],
    ['a zero in front', file(dictionary("'<f4'", '(02,)'), 8)],
    ['a number of Python 2 in version 3', file(dictionary("'<f4'", '(2L,)'), 8, [3, 0])],
    ['a long number in lower case', file(dictionary("'<f4'", '(2l,)'), 8)],
    ['two commas', file(dictionary("'<f4'", '(2,,)'), 8)],
    ['no comma', file(dictionary("'<f4'", '(1 2)'), 8)],
    ['an open bracket', file(dictionary("'<f4'", '(2,'), 8)],
    ['the wrong bracket', file(dictionary("'<f4'", '(2,]'), 8)],
    ['a space that Python has not', file(`${dictionary()}\v`, 8)],
    ['an escape', file(dictionary("'\\x3cf4'"), 8)],
    ['an open text', file(dictionary("'<f4"), 8)],
    ['something behind', file(`${dictionary()} 1`, 8)],
    ['a comment', file(`${dictionary()} # f4`, 8)],
    ['brackets five thousand deep', file(dictionary("'<f4'", `${'('.repeat(4900)}${')'.repeat(4900)}`), 8)],
    [
      'line ends that were changed',
      new Uint8Array(
        [...file(dictionary(), 8)].flatMap((b, i, all) => (b === 10 && i === all.indexOf(10, 10) ? [13, 10] : [b])),
      ),
    ],
  ],
  BadShape: [
    ['a number', file(dictionary("'<f4'", '2'), 8)],
    ['a number in brackets', file(dictionary("'<f4'", '(2)'), 8)],
    ['a list', file(dictionary("'<f4'", '[2]'), 8)],
    ['a text', file(dictionary("'<f4'", "('2',)"), 8)],
    ['a negative size', file(dictionary("'<f4'", '(-1,)'), 8)],
    ['minus zero', file(dictionary("'<f4'", '(-0,)'))],
    ['two negative sizes', file(dictionary("'<f4'", '(-1, -2)'), 8)],
    ['minus zero and a negative size', file(dictionary("'<f4'", '(-0, -1)'))],
    ['a size beyond whole numbers', file(dictionary("'<f4'", '(9007199254740993,)'), 8)],
    ['a size of a thousand digits', file(dictionary("'<f4'", `(${'9'.repeat(1000)},)`), 8)],
    ['a product that overflows 64 bits', file(dictionary("'<f4'", '(4294967296, 4294967296, 4)'), 8)],
    ['33 axes', file(dictionary("'<f4'", `(${'1, '.repeat(33)})`), 4)],
  ],
  UnsupportedNumbers: [
    ...[
      "'<c8'",
      "'<c16'",
      "'<f16'",
      "'|O'",
      "'<U3'",
      "'|S3'",
      "'<M8[ns]'",
      "'|V8'",
      "'<f3'",
      "'<i3'",
      "'f4'",
      "'=f4'",
      "'!f4'",
      "'|f4'",
      "'<F4'",
      "'float32'",
      "'<f4,<f4'",
      "'constructor'",
      "'<__proto__'",
      "''",
      'None',
      '4',
      "[('x', '<f4')]",
      "[('x', '<f4', (2,))]",
      "('<f4', (2,))",
      "{'names': ['x'], 'formats': ['<f4']}",
    ].map((descr): readonly [string, Uint8Array] => [descr, file(dictionary(descr), 8)]),
  ],
  OutOfRange: [
    ['a long number', file(dictionary("'<i8'", '(1,)'), BigInt64Array.of(2n ** 31n))],
    ['a truth value of 2', file(dictionary("'|b1'", '(1,)'), Uint8Array.of(2))],
  ],
}
