// Counts the bytes of arrays and buffers that are made. Import it before anything else: the library looks up the
// constructors when it is loaded.

const classes = [
  'ArrayBuffer',
  'Uint8Array',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Array',
] as const

let made = 0

/** The class without its proxy, which makes instanceof slow. */
const PlainBuffer = ArrayBuffer

/** The bytes of what was made; a view of a buffer takes none, an entry of a plain array eight. */
const bytesOf = (
  args: readonly unknown[],
  value: { readonly byteLength?: number; readonly length?: number },
): number => (args[0] instanceof PlainBuffer ? 0 : (value.byteLength ?? 8 * (value.length ?? 0)))

for (const name of classes) {
  const original = globalThis[name] as unknown as { new (...args: readonly unknown[]): object }
  const watched = new Proxy(original, {
    construct: (target, args, newTarget) => {
      const value = Reflect.construct(target, args, newTarget) as object
      made += bytesOf(args, value)
      return value
    },
  })
  Object.defineProperty(original.prototype, 'constructor', { value: watched, configurable: true, writable: true })
  Object.defineProperty(globalThis, name, { value: watched, configurable: true, writable: true })
}

/** The bytes that were made since the last call. */
export const allocated = (): number => {
  const bytes = made
  made = 0
  return bytes
}
