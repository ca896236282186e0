// Files that are replaced whole: every moment at which a process may die or the power may go, and every way in which a
// disk may refuse.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { chmod, lstat, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { encodeSafetensors, type FileError, full, op } from 'pullback'
import { loadBytes, saveBytes, saveModel, saveSafetensors } from 'pullback/node'
import t from 'tap'
import * as E from '#fp/Either'
import { joined } from '../../lib/codec/pieces.ts'
import { scoped } from '../../lib/diff/scope.ts'
import { readCheckpoint, writeCheckpoint } from '../../lib/node/checkpoint.ts'
import { type Disk, disk } from '../../lib/node/disk.ts'
import { replaceFile, sweep } from '../../lib/node/durable.ts'
import { cut } from '../../lib/node/pieces.ts'

const root = await mkdtemp(join(tmpdir(), 'pullback-'))
t.teardown(() => rm(root, { recursive: true, force: true }))
let made = 0
const folder = (): string => {
  const path = join(root, `${made++}`)
  mkdirSync(path)
  return path
}
const bytes = (n: number, size = 1000): Uint8Array => new Uint8Array(size).fill(n)
const text = (b: Uint8Array | undefined): string => (b === undefined ? 'nothing' : `${b.length} of ${b[0]}`)
const right = <A>(found: E.Either<FileError, A>): A => {
  if (E.isLeft(found)) throw found.left
  return found.right
}
const left = <A>(found: E.Either<FileError, A>): FileError => {
  if (E.isRight(found)) throw new Error('expected an error')
  return found.left
}

t.test('bytes are saved and loaded, in folders created for them', async (t) => {
  const file = join(folder(), 'a', 'b', 'file')
  right(await saveBytes(file, bytes(1))())
  t.equal(text(right(await loadBytes(file)())), '1000 of 1')
  right(await saveBytes(file, bytes(2, 10))())
  t.equal(text(right(await loadBytes(file)())), '10 of 2')
  right(await saveBytes(file, new Uint8Array(0))())
  t.equal(right(await loadBytes(file)()).length, 0)
  await t.rejects(saveBytes(file, 'text' as never)(), {
    message: "saveBytes: expected bytes, a Uint8Array, got 'text'",
  })
  t.same(await readdir(dirname(file)), ['file'])
  await Promise.all(Array.from({ length: 20 }, (_, i) => saveBytes(file, bytes(i))()))
  t.match(text(right(await loadBytes(file)())), /^1000 of /)
  t.same(await readdir(dirname(file)), ['file'], 'twenty at the same time leave one')
})

t.test('pieces are written one behind the other, however few bytes the system takes at a time', async (t) => {
  const pieces = [bytes(1, 5), bytes(2, 0), bytes(3, 1), bytes(4, 7), bytes(5, 0)]
  for (const most of [1, 2, 5, 6, 13, 100]) {
    let found: number[] = []
    const d: Disk = {
      ...disk,
      create: async (path) => ({
        ...(await disk.create(path)),
        write: async (given) => {
          const some = [...joined(given)].slice(0, most)
          found = [...found, ...some]
          return some.length
        },
      }),
    }
    await replaceFile(join(folder(), 'file'), cut(pieces), d)
    t.same(found, [...joined(pieces)], `${most} bytes at a time`)
  }
  const file = join(folder(), 'file')
  const many = Array.from({ length: 5000 }, (_, i) => Uint8Array.of(i, i >> 8))
  await replaceFile(file, many)
  t.same(new Uint8Array(await readFile(file)), joined(many), 'more pieces than one call takes')
  await replaceFile(file, [])
  t.equal((await readFile(file)).length, 0)
})

t.test('the numbers of a file are those of the moment when it is saved', async (t) => {
  const file = join(folder(), 'file')
  const expected = Buffer.from(encodeSafetensors({ W: full([1000], 3) }))
  const within = scoped(() => {
    const W = op.add(full([1000], 1), full([1000], 2)) // in the memory of the engine, which takes it back
    return { saved: saveSafetensors(file, { W })() }
  })
  for (let i = 0; i < 4; i++) scoped(() => op.add(full([1000], 5), full([1000], 6)))
  right(await within.saved)
  const holds = async () => expected.equals(await readFile(file))
  t.ok(await holds())

  const W = full([2 ** 20], 1)
  const saving = saveModel(file, { params: { W }, state: {} })()
  structuredClone(0, { transfer: [(W as unknown as { readonly data: Float32Array<ArrayBuffer> }).data.buffer] })
  await t.rejects(saving, { message: /^save: expected a tensor that outlives .* whose array was transferred/ })
  t.ok(await holds(), 'the old file is whole')
  t.same(await readdir(dirname(file)), ['file'])
})

class Death extends Error {}

/**
 * A disk in memory that loses power after some steps. Data that are not synchronized by then may be lost, or may not.
 */
const mortal = (files: Map<string, Uint8Array>, steps: number) => {
  const durable = new Map(files)
  const synced = new WeakMap<Uint8Array, Uint8Array>()
  const live = new Map(files)
  let left = steps
  const step = (): void => {
    if (left-- <= 0) throw new Death()
  }
  const isAt = (folder: string) => (path: string) => dirname(path) === folder
  const d: Disk = {
    create: async (path) => {
      step()
      if (live.has(path)) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' })
      let content = new Uint8Array(0)
      live.set(path, content)
      return {
        write: async (pieces) => {
          step()
          const all = joined(pieces)
          const some = all.subarray(0, Math.ceil(all.length / 2))
          const longer = new Uint8Array(content.length + some.length)
          longer.set(content)
          longer.set(some, content.length)
          content = longer
          live.set(path, content)
          return some.length
        },
        sync: async () => {
          step()
          synced.set(content, content)
        },
        close: async () => step(),
      }
    },
    read: async (path) => {
      const found = live.get(path)
      if (found === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
      return found
    },
    rename: async (from, to) => {
      step()
      live.set(to, live.get(from) as Uint8Array)
      live.delete(from)
    },
    remove: async (path) => {
      step()
      live.delete(path)
    },
    list: async (folder) => [...live.keys()].filter(isAt(folder)).map((path) => basename(path)),
    written: async () => Date.now(),
    makeFolder: async () => undefined,
    syncFolder: async (folder) => {
      step()
      for (const path of new Set([...durable.keys(), ...live.keys()]))
        if (isAt(folder)(path)) {
          const content = live.get(path)
          if (content === undefined) durable.delete(path)
          else durable.set(path, content)
        }
    },
  }
  /**
   * The content after the loss of power: the names as last synchronized, or as they are; unsynchronized data are cut.
   */
  const after = (names: 'old' | 'new', contents: 'lost' | 'kept'): Map<string, Uint8Array> =>
    new Map(
      [...(names === 'old' ? durable : live)].map(([path, content]) => [
        path,
        contents === 'kept' || synced.has(content) || [...files.values()].includes(content)
          ? content
          : content.subarray(0, content.length / 3),
      ]),
    )
  return { d, after, steps: () => steps - left }
}

const outcomes = (['old', 'new'] as const).flatMap((names) =>
  (['lost', 'kept'] as const).map((contents) => [names, contents] as const),
)

t.test('a power failure between any two steps', async (t) => {
  const file = '/folder/file'
  const before = new Map([[file, bytes(1)]])
  let finished = false
  for (let n = 0; !finished; n++) {
    const { d, after } = mortal(before, n)
    finished = await replaceFile(file, [bytes(2, 300), bytes(2, 700)], d).then(
      () => true,
      () => false,
    )
    for (const [names, contents] of outcomes) {
      const found = text(after(names, contents).get(file))
      if (finished) t.equal(found, '1000 of 2', `all ${n} steps done, ${names} names, contents ${contents}`)
      else t.match(found, /^1000 of [12]$/, `after ${n} steps, ${names} names, contents ${contents}`)
    }
    t.ok(n < 100)
  }
})

t.test('a folder holds the last announced checkpoint, or a later one, at any moment', async (t) => {
  const template = { step: 0, W: full([10], 0) }
  let finished = false
  let moments = 0
  for (let n = 0; !finished; n++, moments++) {
    const { d, after } = mortal(new Map(), n)
    let announced = -1
    finished = await (async () => {
      for (let step = 0; step < 4; step++) {
        await writeCheckpoint('/folder', { step, W: full([10], step) }, { keep: 2, best: step % 2 === 0 }, d)
        announced = step
      }
    })().then(
      () => true,
      (e: unknown) => {
        if (!(e instanceof Death) && !/Death|cannot/.test(`${e}`)) throw e
        return false
      },
    )
    for (const [names, contents] of outcomes) {
      const { d: later } = mortal(after(names, contents), 1e9)
      const found = await readCheckpoint('/folder', template, {}, later).catch(() => undefined)
      t.ok((found?.training.step ?? -1) >= announced, `after ${n} steps, ${names} names, contents ${contents}`)
      if (announced < 2) continue
      const best = await readCheckpoint('/folder', template, { which: 'best' }, later)
      t.ok(best.training.step >= announced - (announced % 2), 'and the best')
    }
  }
  t.ok(moments > 40, `${moments} moments`)
})

/** The machine's disk, on which one kind of step fails. */
const failing = (action: string, code: string): Disk => {
  const fail = async (): Promise<never> => {
    throw Object.assign(new Error(`${code}: it failed`), { code })
  }
  return {
    ...disk,
    create: async (path) =>
      action === 'create' ? fail() : { ...(await disk.create(path)), ...(action in drafts ? { [action]: fail } : {}) },
    ...(action in drafts || action === 'create' ? {} : { [action]: fail }),
  }
}
const drafts = { write: true, sync: true }

t.test(
  'after any failure the old file is intact, no draft is left, and the error says what, where and what to do',
  async (t) => {
    for (const [action, reason, message] of [
      ['create', 'EACCES', /cannot create: EACCES: it failed; choose a folder that may be written to/],
      ['create', 'EMFILE', /too many files are open/],
      [
        'write',
        'ENOSPC',
        /cannot write: ENOSPC: it failed; make room on the disk; the previous file is intact \[file-access\]$/,
      ],
      ['write', 'EFBIG', /raise the limit for the size of a file/],
      ['sync', 'EIO', /cannot sync: EIO: it failed; the disk reports a fault: save elsewhere \[file-access\]$/],
      ['sync', 'EDQUOT', /make room within the quota/],
      ['rename', 'EROFS', /cannot rename: EROFS/],
      ['rename', 'ESTRANGE', /cannot rename: ESTRANGE: it failed \[file-access\]$/],
    ] as const) {
      const file = join(folder(), 'file')
      await replaceFile(file, [bytes(1)])
      await t.rejects(replaceFile(file, [bytes(2)], failing(action, reason)), {
        _tag: 'FileError',
        file,
        reason,
        action,
        message,
      })
      t.equal(text(await readFile(file)), '1000 of 1')
      t.same(await readdir(dirname(file)), ['file'], `${action}: nothing is left`)
    }
    const file = join(folder(), 'file')
    await t.rejects(replaceFile(file, [bytes(1)], failing('syncFolder', 'EIO')), {
      message: /cannot sync the folder of: EIO/,
    })
    t.equal(text(await readFile(file)), '1000 of 1', 'it is there then, though it may not stay')
  },
)

t.test('paths that lead nowhere', async (t) => {
  const here = folder()
  await writeFile(join(here, 'file'), 'text')
  t.match(left(await loadBytes(join(here, 'missing'))()), {
    _tag: 'FileError',
    reason: 'ENOENT',
    remedy: 'check the path',
  })
  t.match(left(await loadBytes(here)()), { reason: 'EISDIR', action: 'read' })
  t.match(left(await saveBytes(here, bytes(1))()), { reason: 'EISDIR', action: 'rename' })
  t.match(left(await saveBytes(join(here, 'file', 'inside'), bytes(1))()), { reason: /ENOTDIR|EEXIST/ })
  t.same(await readdir(here), ['file'])
})

/** Runs a command of the system; whether it could. */
const system = (command: string, ...args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

t.test('links and permissions stay', async (t) => {
  const here = folder()
  const [file, link] = [join(here, 'there', 'file'), join(here, 'link')]
  right(await saveBytes(file, bytes(1))())
  await chmod(file, 0o600)
  await symlink(join('there', 'file'), link)
  right(await saveBytes(link, bytes(2))())
  t.ok((await lstat(link)).isSymbolicLink())
  t.equal(text(await readFile(file)), '1000 of 2')
  t.equal((await lstat(file)).mode & 0o777, 0o600)
  await chmod(file, 0o666)
  right(await saveBytes(file, bytes(3))())
  t.equal((await lstat(file)).mode & 0o777, 0o666, 'whatever new files have')
  t.same([await readdir(here), await readdir(dirname(file))], [['link', 'there'], ['file']])
  await rm(file)
  right(await saveBytes(link, bytes(4))())
  t.ok((await lstat(link)).isSymbolicLink(), 'a link to a file that is not there yet (microsoft/terminal 10908)')
  t.equal(text(await readFile(file)), '1000 of 4')
})

t.test('devices and pipes are not replaced; pipes are read to their end, devices are not', async (t) => {
  const pipe = join(folder(), 'pipe')
  if (!system('mkfifo', pipe)) return t.comment('there are no pipes with names here')
  t.match(left(await saveBytes(pipe, bytes(1))()), {
    action: 'replace',
    message: /cannot replace: it is a device or a pipe; give the path of a file/,
  })
  t.ok((await lstat(pipe)).isFIFO())
  t.match(left(await loadBytes('/dev/zero')()), {
    message: /cannot read: it is a device, which has no end; give the path/,
  })
  const [found] = await Promise.all([loadBytes(pipe)(), writeFile(pipe, bytes(4, 100_000))])
  t.equal(text(right(found)), '100000 of 4')
  t.match(new TextDecoder().decode(right(await loadBytes('/proc/self/status')())), /^Name:/)
})

t.test('a full disk and a read-only disk', async (t) => {
  const here = folder()
  if (!system('mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', here)) {
    t.comment('no disk can be mounted here: the injected faults above stand for it')
    return
  }
  try {
    const file = join(here, 'file')
    right(await saveBytes(file, bytes(1, 300_000))())
    t.match(left(await saveBytes(file, bytes(2, 900_000))()), { reason: 'ENOSPC', action: 'write', file })
    t.equal(text(await readFile(file)), '300000 of 1')
    t.same(await readdir(here), ['file'], 'the room that the draft took is free again')
    right(await saveBytes(file, bytes(3, 600_000))())
    if (!system('mount', '-o', 'remount,ro', here)) return
    t.match(left(await saveBytes(file, bytes(4))()), {
      reason: 'EROFS',
      remedy: 'choose a folder on a disk that can be written to',
    })
    t.match(left(await saveBytes(join(here, 'new', 'file'), bytes(4))()), {
      reason: 'EROFS',
      action: 'make the folder',
    })
    t.equal(text(right(await loadBytes(file)())), '600000 of 3')
  } finally {
    system('umount', here)
  }
})

t.test('drafts of dead processes are removed, all other files are kept', async (t) => {
  const here = folder()
  const host = hostname().replace(/[^\w-]/g, '_')
  const parent = process.ppid
  const dead = 2 ** 22 + 1
  const draft = (machine: string, pid: number, n: number): string => `.file.${machine}.${pid}.00000000000${n}.tmp`
  const gone = [
    draft(host, dead, 1),
    draft(host, process.pid, 2),
    draft('elsewhere', parent, 3),
    draft(host, parent, 4),
  ]
  const staying = [
    draft('elsewhere', dead, 5),
    draft(host, parent, 6),
    draft(host, process.pid, 7),
    '.file.tmp',
    'file.tmp',
    `.file.${host}.${dead}.tmp`,
    'checkpoint-000000001.safetensors',
    'notes.txt',
  ]
  for (const name of [...gone, ...staying]) await writeFile(join(here, name), 'text')
  const past = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000)
  for (const name of gone.slice(1)) await utimes(join(here, name), past, past)
  await symlink('/nowhere', join(here, draft(host, dead, 8)))
  await sweep(here)
  t.same((await readdir(here)).sort(), staying.sort())
  await sweep(join(here, 'missing'))
})
