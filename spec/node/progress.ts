import {
  adam,
  compose,
  examples,
  fit,
  fromArray,
  key,
  linear,
  metric,
  named,
  random,
  relu,
  softmaxCrossEntropy,
  stop,
} from 'pullback'
import { progress } from 'pullback/node'
import t from 'tap'
import { duration } from '../../lib/node/progress.ts'
import { run } from '../support/run.ts'

const train = examples({
  input: random.normal(key(0), [64, 2]),
  target: fromArray(
    Array.from({ length: 64 }, (_, i) => i % 2),
    [64],
    'int32',
  ),
})
const net = compose(named('L1', linear(2, 4)), relu, named('L2', linear(4, 2)))
const states = (more: object = {}) =>
  fit(net, softmaxCrossEntropy, adam(), {
    train,
    validation: train,
    key: key(0),
    epochs: 2,
    size: 16,
    metrics: { accuracy: metric.accuracy },
    every: 'step',
    ...more,
  })

const output = (isTTY: boolean) => {
  const written: string[] = []
  return { written, out: { isTTY, columns: 80, write: (text: string) => written.push(text) } }
}

t.test('a line for each epoch, with all results', async (t) => {
  for (const isTTY of [false, true]) {
    const { written, out } = output(isTTY)
    let count = 0
    for await (const _ of progress(states(), { out, epochs: 2 })) count += 1
    t.equal(count, 10, 'all states pass')
    const lines = written
      .join('')
      .split('\n')
      .filter((line) => /epoch \d\/2 {2}loss/.test(line))
    t.equal(lines.length, 2)
    t.match(
      lines[1],
      /epoch 2\/2 {2}loss \d\.\d+ {2}accuracy \d\.\d+ {2}validation\.loss \d\.\d+ {2}validation\.accuracy \d\.\d+ {2}\d+s/,
    )
    if (!isTTY)
      t.notOk(
        ['\x1b', '\r'].some((code) => written.join('').includes(code)),
        'no codes of a terminal in a file',
      )
  }
})

t.test('a moving line: the current epoch, its means so far, and the remaining time', async (t) => {
  const pace = 150
  const { CI } = process.env // on a build server no line moves
  delete process.env.CI
  t.teardown(() => {
    if (CI !== undefined) process.env.CI = CI
  })
  /** The 51st epoch of 60, which a run that goes on begins with: four minibatches of ten examples. */
  async function* under() {
    for (let position = 1; position <= 4; position++) {
      await new Promise((resolve) => setTimeout(resolve, pace))
      yield {
        ...{ step: 4 + position, params: {}, state: {}, optimizer: {}, key: key(0) },
        ...{ epoch: 50, position, count: 4, sums: { examples: 10 * position, loss: 5 * position } },
        ...{ history: {}, best: undefined, seconds: 0, stopped: undefined },
      }
    }
    return undefined as never
  }
  const { written, out } = output(true)
  for await (const _ of progress(under(), { out, epochs: 60 })) {
  }
  const lines = written.filter((text) => text.includes('epoch'))
  t.equal(lines.length, 4)
  t.match(lines[0], /^\repoch 51\/60 █{5}░{15} {2}loss 0\.5000 {2}\d+ examples\/s {2}\d+s left/)
  const [, speed, left] = /(\d+) examples\/s {2}(\d+)s left/.exec(lines[3] as string) ?? []
  const examples = Number(speed) * Number(left) // in the nine epochs that are left, of forty each
  t.ok(Math.abs(examples / 360 - 1) < 0.15, `${speed} examples/s, ${left} s left`)
})

t.test('the reason for the end of a run is printed, and the last state is returned', async (t) => {
  const { written, out } = output(false)
  const shown = progress(states({ epochs: 9, stop: [stop.time(0)] }), { out })
  let last = await shown.next()
  while (!last.done) last = await shown.next()
  t.equal(last.value.epoch, 1)
  t.match(written.join(''), /stopped: 0 seconds are over/)
})

t.test('silent when asked, and closed when the loop is left', async (t) => {
  const { written, out } = output(true)
  for await (const _ of progress(states(), { out, quiet: true })) t.ok(true)
  t.same(written, [])
  const inner = states()
  for await (const _ of progress(inner, { out })) break
  t.ok((await inner.next()).done)
})

t.test('durations in short form', async (t) => {
  t.same([-1, 0.2, 59.4, 59.5, 65, 3599, 3600, 3725].map(duration), [
    ...['0s', '0s', '59s', '1m00s', '1m05s'],
    ...['59m59s', '1h00m', '1h02m'],
  ])
})

t.test('Ctrl-C ends a run after the current step, with the exit status of an interrupt', async (t) => {
  const program = `
    import { fit, adam, key, linear, leastSquares, examples, zeros } from 'pullback'
    import { interruptible } from 'pullback/node'
    const { signal } = interruptible()
    const train = examples({ input: zeros([64, 2]), target: zeros([64, 1]) })
    let state
    for await (state of fit(linear(2, 1), leastSquares, adam(), { train, key: key(0), epochs: 1e9, signal })) {
      if (state.epoch === 3) process.kill(process.pid, 'SIGINT')
    }
    console.log('saved', state.epoch >= 3, process.listenerCount('SIGINT') + process.listenerCount('SIGTERM'))`
  const { code, stdout } = await run(process.execPath, [
    '--import=./spec/support/ts.mjs',
    '--input-type=module',
    '-e',
    program,
  ])
  t.equal(code, 130)
  t.equal(stdout.trim(), 'saved true 0', 'and a second Ctrl-C ends the program')
})
