// Bytes that stay in a page, such as those of toBytes and modelToBytes: in the origin's private file system, or in
// IndexedDB where there is none. Both replace what is there whole or not at all. Ask for `navigator.storage.persist()`
// if they must outlive a full disk.

export interface Store {
  readonly save: (name: string, bytes: Uint8Array) => Promise<void>
  /** What was saved under a name, if anything was. */
  readonly load: (name: string) => Promise<Uint8Array | undefined>
}

/** The origin private file system. What is written lies beside the file until `close` puts it in its place. */
export const privateFiles: Store = {
  save: async (name, bytes) => {
    const folder = await navigator.storage.getDirectory()
    const draft = await (await folder.getFileHandle(name, { create: true })).createWritable()
    try {
      await draft.write(bytes as Uint8Array<ArrayBuffer>)
    } catch (e) {
      await draft.abort().catch(() => undefined)
      throw e
    }
    await draft.close()
  },
  load: async (name) => {
    const folder = await navigator.storage.getDirectory()
    try {
      const file = await (await folder.getFileHandle(name)).getFile()
      return new Uint8Array(await file.arrayBuffer())
    } catch (e) {
      if (e instanceof DOMException && e.name === 'NotFoundError') return undefined
      throw e
    }
  },
}

const opened = (): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open('pullback', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('files')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** Ends when the transaction is on the disk: a full disk shows only then, as an abort. */
const transact = async <A>(mode: IDBTransactionMode, act: (files: IDBObjectStore) => IDBRequest<A>): Promise<A> => {
  const database = await opened()
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction('files', mode, { durability: 'strict' })
      const request = act(transaction.objectStore('files'))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    database.close()
  }
}

/**
 * IndexedDB, which takes any value that structuredClone takes: bytes, or what `compact` gives, for `revive` to read.
 */
export const indexedFiles = {
  save: async (name: string, value: unknown): Promise<void> => {
    await transact('readwrite', (files) => files.put(value, name))
  },
  load: (name: string): Promise<unknown> => transact('readonly', (files) => files.get(name)),
}
