// A table as a source of minibatches: what streams is what is read whole, from any position, in bounded memory.
import { join } from 'node:path'
import fc from 'fast-check'
import {
  batches,
  fit,
  key,
  linear,
  op,
  scanSync,
  sgd,
  softmaxCrossEntropy,
  source,
  start,
  toNested,
  trainStep,
} from 'pullback'
import { tableSource, toExamples } from 'pullback/table'
import t from 'tap'
import { bundle } from '../support/bundle.ts'
import { output, root } from '../support/run.ts'
import { tableOf } from '../support/table.ts'

const schema = {
  x: { kind: 'number', missing: 0.5 },
  bark: { kind: 'category', labels: ['rough', 'smooth'] },
  kind: { kind: 'category', labels: ['elm', 'oak'] },
} as const
const rows = Array.from(
  { length: 23 },
  (_, i) => `${i % 4 === 0 ? '' : i / 8},"${i % 3 === 0 ? 'rough' : 'smooth'}",${i % 2 === 0 ? 'oak' : 'elm'}\n`,
)
const text = `x,bark,kind\n${rows.join('\n')}`
const kinds = { target: 'kind', task: 'classes' } as const
const options = { ...kinds, size: 4 } as const
const pieces = async function* (size: number) {
  for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size)
}
type Batch = { readonly input: Parameters<typeof toNested>[0]; readonly target: Parameters<typeof toNested>[0] }
const collected = async (items: Iterable<Batch> | AsyncIterable<Batch>): Promise<readonly unknown[]> => {
  const found: unknown[] = []
  for await (const { input, target } of items) found.push([toNested(input), toNested(target)])
  return found
}

t.test('what streams is what is read whole, from any position, however it comes', async (t) => {
  const { examples } = toExamples(await tableOf(text, { schema }), kinds)
  await t.resolves(
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 200 }),
        async (size, from, chunk) => {
          const streamed = tableSource(() => pieces(chunk), schema, { ...options, size })
          const whole = batches({ size })(examples)
          t.same(await collected(streamed.epoch(0, from)), await collected(whole.epoch(0, from)))
        },
      ),
      { numRuns: 40, seed: Number(process.env.SEED ?? 1) },
    ),
  )
})

t.test('each epoch reads anew, and transformations keep positions', async (t) => {
  let opened = 0
  const streamed = tableSource(
    () => {
      opened += 1
      return Promise.resolve(new Blob([text]))
    },
    schema,
    options,
  )
  t.equal(streamed.count, undefined)
  const whole = await collected(streamed.epoch(0, 0))
  t.same(await collected(streamed.epoch(1, 0)), whole)
  t.equal(opened, 2)
  const scaled = source.map(streamed, ({ input, target }) => ({ input: op.scale(input, 2), target }))
  t.same(await collected(source.prefetch(scaled, 2).epoch(3, 4)), (await collected(scaled.epoch(0, 0))).slice(4))
})

t.test('fit trains on it as on the table in memory, bit for bit', async (t) => {
  const net = linear(2 as number, 2)
  const { examples } = toExamples(await tableOf(text, { schema }), kinds)
  const by = trainStep(net, softmaxCrossEntropy, sgd(0.1))
  let whole = start(net, sgd(0.1), key(0))
  for (let epoch = 0; epoch < 2; epoch++)
    for (const [next] of scanSync(by, whole, batches({ size: 4 })(examples).epoch(epoch, 0))) whole = next
  const train = tableSource(() => text, schema, options)
  let params: unknown
  for await (const run of fit(net, softmaxCrossEntropy, sgd(0.1), { train, epochs: 2, key: key(0) }))
    params = run.params
  t.same(JSON.stringify(params), JSON.stringify(whole.params))
})

t.test('a schema that leaves something to the rows is refused', async (t) => {
  t.throws(() => tableSource(() => text, { ...schema, kind: { kind: 'category' } }, options), {
    message:
      /tableSource: expected a schema with labels for column 'kind', got one without; give the schema of a table/,
  })
  t.throws(() => tableSource(() => text, { ...schema, x: { kind: 'number', missing: 'mean' } }, options), {
    message: /expected a schema with a number in the place of the mean for column 'x'/,
  })
  t.throws(() => tableSource(text as never, schema, options), { message: /expected a function that opens the source/ })
  t.throws(() => tableSource(() => text, schema, { ...options, size: 0 }), { message: /rows in a batch/ })
  t.throws(() => tableSource(() => text, schema, { ...options, key: key(0) } as never), { message: /got 'key'/ })
  const other = tableSource(() => text, schema, { ...options, target: 'y' })
  await t.rejects(() => collected(other.epoch(0, 0)), {
    message: /expected a target among 'x', 'bark', 'kind', got 'y'/,
  })
})

t.test('leaving early closes what was opened', async (t) => {
  let closed = false
  const endless = async function* () {
    try {
      yield text
      for (;;) yield rows.join('')
    } finally {
      closed = true
    }
  }
  for await (const _ of tableSource(endless, schema, options).epoch(0, 0)) break
  t.ok(closed)
})

t.test('a million rows in bounded memory', async (t) => {
  const file = join(root, '.tap', 'million.mjs')
  await bundle(
    `
import { tableSource } from 'pullback/table'
const chunk = (n) => Buffer.from(Array.from({ length: 4000 }, (_, i) => ((n * 4000 + i) / 8) + ',' + (i % 3 === 0 ? 'oak' : 'elm') + '\\n').join(''))
const rows = async function* (n) {
  yield 'x,kind\\n'
  for (let i = 0; i < n / 4000; i++) yield chunk(i)
}
const schema = { x: { kind: 'number' }, kind: { kind: 'category', labels: ['elm', 'oak'] } }
const read = async (n) => {
  let count = 0
  for await (const { input } of tableSource(() => rows(n), schema, { size: 500, target: 'kind', task: 'classes' }).epoch(0, 0)) count += input.shape[0]
  return [count, process.resourceUsage().maxRSS / 1024]
}
console.log(JSON.stringify([await read(100_000), await read(1_000_000)]))
`,
    file,
  )
  const [[few, before], [many, after]] = JSON.parse(await output(process.execPath, [file])) as [
    [number, number],
    [number, number],
  ]
  t.same([few, many], [100_000, 1_000_000])
  t.ok(after < 300, `${after} MB at most`)
  t.ok(after - before < 60, `${after - before} MB more for ten times the rows`)
})
