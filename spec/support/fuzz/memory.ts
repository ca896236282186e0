// Counts the bytes of arrays and buffers that are made. Import it before anything else: the library looks up the
// constructors when it is loaded.

let made = 0

type Constructor = new (...args: readonly unknown[]) => object

/**
 * Puts a constructor that counts in the place of a class: a function, since a proxy takes several times as long. Calls
 * without new are not counted, by which io-ts copies the path to each value.
 */
const watch = (name: string, bytesOf: (value: never, args: readonly unknown[]) => number): void => {
  const original = (globalThis as unknown as Record<string, Constructor>)[name] as Constructor
  function watched(this: unknown, ...args: readonly unknown[]): object {
    const value = Reflect.construct(original, args, new.target ?? original) as object
    if (new.target !== undefined) made += bytesOf(value as never, args)
    return value
  }
  Object.setPrototypeOf(watched, original)
  watched.prototype = original.prototype
  Object.defineProperty(watched, 'name', { value: name })
  Object.defineProperty(original.prototype, 'constructor', { value: watched, configurable: true, writable: true })
  Object.defineProperty(globalThis, name, { value: watched, configurable: true, writable: true })
}

const PlainBuffer = ArrayBuffer
watch('Array', (value: readonly unknown[]) => 8 * value.length)
watch('ArrayBuffer', (value: ArrayBuffer) => value.byteLength)
// A view of a buffer takes no bytes of its own.
for (const kind of [
  'Uint8',
  'Int8',
  'Uint16',
  'Int16',
  'Uint32',
  'Int32',
  'Float32',
  'Float64',
  'BigInt64',
  'BigUint64',
])
  watch(`${kind}Array`, (value: Uint8Array, [first]) => (first instanceof PlainBuffer ? 0 : value.byteLength))

/** The bytes that were made since the last call. */
export const allocated = (): number => {
  const bytes = made
  made = 0
  return bytes
}
