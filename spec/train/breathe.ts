// Runs and the reading of tables let other work of a page or a server happen: events, timers, signals to stop.
import { evaluate, examples, fit, init, key, leastSquares, linear, scan, sgd, zeros } from 'pullback'
import { readTable } from 'pullback/table'
import t from 'tap'

const net = linear(2, 1)
const add = (a: number, b: number) => [a + b, b] as const
const busy = (a: number, b: number) => {
  const until = performance.now() + 5
  while (performance.now() < until);
  return add(a, b)
}

t.test('a run lets other work run without timers', async (t) => {
  const given = { setTimeout: globalThis.setTimeout, setImmediate: globalThis.setImmediate, MessageChannel }
  t.teardown(() => Object.assign(globalThis, given))
  let timers = 0
  let messages = 0
  const counted = {
    setTimeout: (f: () => void) => {
      timers++
      return given.setTimeout(f)
    },
    MessageChannel: class extends MessageChannel {
      constructor() {
        super()
        messages++
      }
    },
  }
  const run = async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    for await (const _ of scan(busy, 0, Array<number>(20).fill(1)));
    clearInterval(timer)
    t.ok(ticks >= 3, `${ticks} ticks of a timer`)
  }
  Object.assign(globalThis, counted)
  await run()
  t.same([timers, messages], [0, 0], 'where there is setImmediate')
  Object.assign(globalThis, { setImmediate: undefined })
  await run()
  t.equal(timers, 0)
  t.ok(messages >= 3, `${messages} messages, as in a page`)
  Object.assign(globalThis, { MessageChannel: undefined })
  await run()
  t.ok(timers >= 3, `${timers} timers where there is neither`)
})

let now = 0
/** How often a run lets other work happen, by a clock that goes on by half a millisecond whenever it is read. */
const breaths = async (run: () => Promise<unknown>): Promise<number> => {
  const { setImmediate } = globalThis
  now = Math.max(now, performance.now())
  let count = 0
  const counting = (f: () => void): unknown => {
    count++
    return setImmediate(f)
  }
  Object.assign(globalThis, { setImmediate: counting })
  performance.now = () => {
    now += 0.5
    return now
  }
  try {
    await run()
  } finally {
    Reflect.deleteProperty(performance, 'now')
    Object.assign(globalThis, { setImmediate })
  }
  return count
}

const few = examples({ input: zeros([4, 2]), target: zeros([4, 1]) })
const last = async (run: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of run);
}
const works: Readonly<Record<string, () => Promise<unknown>>> = {
  'a run': () => last(scan(add, 0, Array<number>(300).fill(1))),
  'a run in stretches': () => last(scan(add, 0, Array<number>(300).fill(1), { every: 300 })),
  'many short runs, one after the other': async () => {
    for (let i = 0; i < 100; i++) await last(scan(add, 0, [1, 2, 3]))
  },
  'many short epochs': () => last(fit(net, leastSquares, sgd(0.1), { train: few, key: key(0), epochs: 100 })),
  'many short epochs without programs': () =>
    last(fit(net, leastSquares, sgd(0.1), { train: few, key: key(0), epochs: 100, compiled: false })),
  'an evaluation': async () => {
    const many = examples({ input: zeros([300, 2]), target: zeros([300, 1]) })
    await evaluate(net, init(net, key(0)), leastSquares, many, { size: 1 })
  },
  'the reading of a table': () => readTable(`word\n${`${'a'.repeat(1000)}\n`.repeat(20_000)}`)(),
}

for (const [name, run] of Object.entries(works))
  t.test(`other work happens during ${name}`, async (t) => {
    const count = await breaths(run)
    t.ok(count >= 10, `${count} times`)
  })
