// The memory that a run holds, how it ends, and its errors for data that are not a sequence.
import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { epochs, examples, StructureError, scan, scanSync, zeros } from 'pullback'
import t from 'tap'

const add = (a: number, b: number) => [a + b, b] as const
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

interface Item {
  readonly numbers: Float64Array
}

/** How many of 100 items are still held while the last is at work. */
const heldItems = async (
  source: (items: Iterable<Item>) => Iterable<Item> | AsyncIterable<Item>,
  options?: { readonly signal: AbortSignal },
): Promise<number> => {
  const seen: WeakRef<Item>[] = []
  const items = function* () {
    for (let i = 0; i < 100; i++) {
      const item = { numbers: new Float64Array(1000) }
      seen.push(new WeakRef(item))
      yield item
    }
  }
  const step = (count: number, { numbers }: Item) => [count + 1, numbers.length] as const
  let held = -1
  for await (const [count] of scan(step, 0, source(items()), options)) {
    if (count < 100) continue
    await wait(1)
    collect()
    held = seen.filter((ref) => ref.deref() !== undefined).length
  }
  return held
}

const asynchronous = async function* (items: Iterable<Item>) {
  for (const item of items) {
    await undefined
    yield item
  }
}

t.test('a run does not hold on to used minibatches', async (t) => {
  const { signal } = new AbortController()
  for (const [name, source] of [
    ['from an iterable', (items: Iterable<Item>) => items],
    ['from an asynchronous one', asynchronous],
  ] as const)
    for (const options of [undefined, { signal }]) {
      const held = await heldItems(source, options)
      t.ok(held >= 0 && held <= 2, `${name}${options ? ', with a signal' : ''}: ${held} of 100`)
    }
})

t.test('a run leaves no listener on a signal', async (t) => {
  const control = new AbortController()
  const count = () => getEventListeners(control.signal, 'abort').length
  const slow = async function* () {
    for (const x of [1, 2, 3]) {
      await wait(1)
      yield x
    }
  }
  for (let run = 0; run < 12; run++)
    for await (const _ of scan(add, 0, slow(), control)) t.equal(count(), 0, 'while a step is looked at')
  t.equal(count(), 0, 'after runs to the end')
  for await (const _ of scan(add, 0, slow(), control)) break
  t.equal(count(), 0, 'after a loop that was left')
  const failing = async function* () {
    yield 1
    throw new Error('no more')
  }
  await t.rejects(async () => {
    for await (const _ of scan(add, 0, failing(), control));
  }, /no more/)
  t.equal(count(), 0, 'after a source that failed')
  const waiting = scan(add, 0, slow(), control)
  const first = waiting.next()
  await undefined
  t.ok(count() <= 1, 'one at most while it waits')
  await first
  const pending = waiting.next()
  control.abort()
  t.equal((await pending).done, true)
  t.equal(count(), 0, 'after an end by the signal')
})

/** The states that a run gives, its last one, and how many milliseconds went by from the abort to its end. */
const abortedRun = async (data: (signal: AbortSignal) => AsyncIterable<number>) => {
  const control = new AbortController()
  const run = scan(add, 0, data(control.signal), control)
  const seen: number[] = []
  let since = Number.NaN
  setTimeout(() => {
    since = performance.now()
    control.abort()
  }, 20)
  for (;;) {
    const { value, done } = await run.next()
    if (done) return { seen, last: value, took: performance.now() - since }
    seen.push(value[0])
  }
}

/** A source that gives 1 and then nothing more. */
const once = (close: () => Promise<never>): AsyncIterable<number> => ({
  [Symbol.asyncIterator]: () => {
    const items = [Promise.resolve({ value: 1 })]
    return { next: () => items.pop() ?? new Promise<never>(() => {}), return: close }
  },
})

t.test('an abort ends a wait for the source, whatever the source does', async (t) => {
  const refusals: unknown[] = []
  const refused = (e: unknown) => refusals.push(e)
  process.on('unhandledRejection', refused)
  let closed = 0
  const closing = async function* (waiting: () => Promise<unknown>) {
    try {
      yield 1
      await waiting()
      yield 2
    } finally {
      closed++
    }
  }
  const sources: Readonly<Record<string, (signal: AbortSignal) => AsyncIterable<number>>> = {
    'never comes to an end': () => closing(() => new Promise(() => {})),
    'goes on later': () => closing(() => wait(100)),
    'fails later': () => closing(() => wait(100).then(() => Promise.reject(new Error('too late')))),
    'fails on the same signal': (signal) =>
      closing(() => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))),
    'fails when it is closed': () => once(() => Promise.reject(new Error('not closed'))),
    'throws when it is closed': () =>
      once(() => {
        throw new Error('not closed')
      }),
  }
  for (const [name, source] of Object.entries(sources)) {
    const { seen, last, took } = await abortedRun(source)
    t.same([seen, last], [[1], 1], `a source that ${name}`)
    t.ok(took < 60, `${took} ms`)
  }
  await wait(120)
  t.same(refusals, [], 'no error turns up elsewhere')
  t.equal(closed, 3, 'a source that could be closed was')
  process.off('unhandledRejection', refused)
})

t.test('a source that is not waited for is closed before the end', async (t) => {
  const source = (closing: () => Promise<void>) =>
    (async function* () {
      try {
        for (let i = 1; ; i++) yield i
      } finally {
        await closing()
      }
    })()
  for (const aborts of ['abort', 'break'] as const) {
    const control = new AbortController()
    let closed = false
    const data = source(async () => {
      await wait(5)
      closed = true
    })
    for await (const [sum] of scan(add, 0, data, control)) {
      if (sum < 3) continue
      if (aborts === 'break') break
      control.abort()
    }
    t.ok(closed, aborts)
  }
  const control = new AbortController()
  const failing = source(() => Promise.reject(new Error('not closed')))
  await t.rejects(
    async () => {
      for await (const _ of scan(add, 0, failing, control)) control.abort()
    },
    /not closed/,
    'an error of closing is an error of the run',
  )
  const bad = () => {
    throw new Error('a bad step')
  }
  const another = source(() => Promise.reject(new Error('not closed')))
  await t.rejects(
    async () => {
      for await (const _ of scan(bad, 0, another));
    },
    /a bad step/,
    'but the error of a step comes before it',
  )
})

t.test('an iterator that has ended is not closed', async (t) => {
  let closed = 0
  const data = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: true as const, value: undefined }),
      return: async () => ({ done: true as const, value: closed++ }),
    }),
  }
  for await (const _ of scan(add, 0, data));
  t.equal(closed, 0)
})

t.test('an already aborted signal', async (t) => {
  let pulled = 0
  const data = (function* () {
    for (;;) yield ++pulled
  })()
  t.same(await scan(add, 7, data, { signal: AbortSignal.abort() }).next(), { value: 7, done: true })
  t.equal(pulled, 0)
})

t.test('data that are not a sequence are an error that says what to do', async (t) => {
  const data = examples({ input: zeros([4, 2]) })
  const step = (n: number) => [n + 1, 0] as const
  const refused = (given: unknown, message: RegExp): void => {
    t.throws(() => scanSync(step, 0, given as never).next(), { name: StructureError.name, message })
  }
  refused(
    data,
    /scanSync: expected minibatches, .*got the names data, rows; .*epochs\({ size }\)\(examples\) make some of examples/,
  )
  refused(epochs({ size: 2 }), /got a function; call epochs\({ size }\) .* with the examples/)
  refused({ input: zeros([4, 2]) }, /got the names input; examples\(.* make some of tensors/)
  refused((async function* () {})(), /use scan for asynchronous data/)
  for (const nothing of [undefined, null, 3, {}, zeros([2])]) refused(nothing, /expected minibatches/)
  t.throws(() => scanSync(undefined as never, 0, [1]).next(), /scanSync: expected a step.* got undefined; trainStep/)
  await t.rejects(scan(step, 0, data as never).next(), /scan: expected minibatches/)
  await t.rejects(
    scan(step, 0, [1], { abort: 1 } as never).next(),
    /scan: expected options among signal, every, got 'abort'/,
  )
})

t.test('a step returns a state and metrics', async (t) => {
  t.throws(() => scanSync((() => ({ step: 1 })) as never, 0, [1]).next(), {
    message: 'scanSync: expected a step that gives [state, metrics], got the names step',
  })
  await t.rejects(scan((async () => [1, 2]) as never, 0, [1]).next(), {
    message: /scan: .*got a promise without await; a step is a pure function/,
  })
})
