import { batches, examples, key, op, random, range, source, toArray, zeros } from 'pullback'
import t from 'tap'

const plain = batches({ size: 2, key: key(1) })(examples({ input: range(0, 7) }))
type Items<A> = Iterable<A> | AsyncIterable<A>
const all = async <A>(items: Items<A>): Promise<readonly A[]> => {
  const found: A[] = []
  for await (const item of items) found.push(item)
  return found
}
/** The same minibatches, which come asynchronously. */
const slow = {
  count: plain.count,
  epoch: async function* (n: number, from: number) {
    for (const batch of plain.epoch(n, from)) {
      await new Promise((resolve) => setImmediate(resolve))
      yield batch
    }
  },
}
const numbers = async (of: Items<{ readonly input: Parameters<typeof toArray>[0] }>) =>
  (await all(of)).map(({ input }) => toArray(input))

t.test('an epoch is a function of its number, and resumes from any position', async (t) => {
  t.equal(plain.count, 4)
  const whole = await numbers(plain.epoch(5, 0))
  t.same(whole, await numbers(plain.epoch(5, 0)))
  t.not(`${whole}`, `${await numbers(plain.epoch(6, 0))}`)
  for (let from = 0; from <= 5; from++) t.same(await numbers(plain.epoch(5, from)), whole.slice(from))
  const dropped = batches({ size: 2, key: key(1), last: 'drop' })(examples({ input: range(0, 7) }))
  t.same(await numbers(dropped.epoch(5, 1)), whole.slice(1, 3))
  t.same(await numbers(dropped.epoch(5, 3)), [])
})

t.test('transformations keep positions of synchronous and asynchronous sources', async (t) => {
  const noise = (x: { readonly input: ReturnType<typeof range<'float32'>> }, k: random.Key) => ({
    input: op.add(x.input, random.normal(k, x.input.shape)),
  })
  for (const from of [plain, slow] as const) {
    const made = [
      source.map(from, ({ input }) => ({ input: op.scale(input, 2) })),
      source.augment(from, key(2), noise),
      source.prefetch(from, 3),
      source.map(source.zip(from, from), ([a, b]) => ({ input: op.add(a.input, b.input) })),
    ]
    for (const one of made) {
      t.equal(one.count, 4)
      const whole = await numbers(one.epoch(2, 0))
      t.equal(whole.length, 4)
      for (let position = 1; position <= 4; position++)
        t.same(await numbers(one.epoch(2, position)), whole.slice(position))
    }
  }
  const noisy = source.augment(plain, key(2), noise)
  t.not(`${await numbers(noisy.epoch(0, 0))}`, `${await numbers(noisy.epoch(1, 0))}`)
  const still = batches({ size: 2 })(examples({ input: zeros([8]) }))
  const drawn = await Promise.all([0, 1].map((n) => numbers(source.augment(still, key(2), noise).epoch(n, 0))))
  t.equal(new Set(drawn.flat().map(String)).size, 8, 'each minibatch of each epoch has a key of its own')
  t.same(await numbers(source.prefetch(slow, 2).epoch(0, 0)), await numbers(plain.epoch(0, 0)))
})

t.test('prefetch runs ahead by the given number, closes its source, and throws errors in order', async (t) => {
  let [made, closed] = [0, false]
  const counted = {
    count: undefined,
    epoch: async function* () {
      try {
        for (;;) {
          made += 1
          if (made === 6) throw new Error('the sixth is broken')
          yield made
        }
      } finally {
        closed = true
      }
    },
  }
  const items = source.prefetch(counted, 3).epoch(0, 0) as AsyncIterable<number>
  for await (const n of items) if (n === 2) break
  t.ok(made >= 3 && made <= 5, `${made} made`)
  t.ok(closed)
  made = 0
  const seen: number[] = []
  await t.rejects(async () => {
    for await (const n of source.prefetch(counted, 3).epoch(0, 0)) seen.push(n as number)
  }, /the sixth is broken/)
  t.same(seen, [1, 2, 3, 4, 5])
})

t.test('zip closes both sources', async (t) => {
  let open = 0
  const of = (n: number) => ({
    count: n,
    epoch: function* () {
      open += 1
      try {
        for (let i = 0; i < n; i++) yield i
      } finally {
        open -= 1
      }
    },
  })
  t.same(await all(source.zip(of(3), of(9)).epoch(0, 0)), [
    [0, 0],
    [1, 1],
    [2, 2],
  ])
  t.equal(open, 0)
  t.same(
    [
      [of(3), of(9)],
      [of(9), of(3)],
      [of(3), { ...of(9), count: undefined }],
    ].map(([a, b]) => source.zip(a as ReturnType<typeof of>, b as ReturnType<typeof of>).count),
    [3, 3, undefined],
    'as many as the shorter one has, where both tell',
  )
})

t.test('errors', async (t) => {
  t.throws(() => batches({ size: 0 }), /examples in a batch: a whole number of at least 1/)
  t.throws(() => batches({ size: 1, last: 'skip' as never }), /'keep' or 'drop' for the last minibatch, got 'skip'/)
  t.throws(() => batches({ count: 1 } as never), /options among size, key, last, got 'count'/)
  t.throws(
    () => source.map([] as never, () => 0),
    /a source of minibatches.*batches\(\{ size \}\)\(examples\) makes one/,
  )
  t.throws(() => source.prefetch(plain, 0), /minibatches ahead/)
})
