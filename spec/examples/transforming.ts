import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromArray, gradCheck, init, key, op, random, show, type Tensor, toArray } from 'pullback'
import t from 'tap'
import { gradients, largestDifference } from '../../examples/transforming/compare.ts'
import { type Pairs, pairs } from '../../examples/transforming/data.ts'
import { after, type Homography, inverse, shift, tilt, turn } from '../../examples/transforming/homography.ts'
import { transformingAutoencoder } from '../../examples/transforming/model.ts'
import { type Form, poses } from '../../examples/transforming/pose.ts'
import { warp } from '../../examples/transforming/warp.ts'
import { sameTree } from '../law/diff.ts'
import { runExample } from '../support/example.ts'

const forms = Object.keys(poses) as readonly Form[]
const small = { capsules: 2, pixels: 9, recognition: 4, generation: 3 }
const net = (form: Form) => transformingAutoencoder({ ...small, form })
const numbers = (name: string, shape: readonly number[]): never =>
  random.normal(random.foldIn(key(2), name), shape, 'float64') as never
const batch = (form: Form, n: number): Pairs => ({
  input: { image: numbers('image', [n, 9]), move: numbers('move', [n, ...poses[form].shape]) },
  target: numbers('target', [n, 9]),
})

t.test('at most 30 lines, comments and imports aside', async (t) => {
  const lines = readFileSync('examples/transforming/model.ts', 'utf8')
    .replace(/^import [^']*'[^']*'$/gm, '')
    .replace(/^ *(\/\*\*.*\*\/|\/\/.*)$/gm, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
  t.ok(lines.length > 15 && lines.length <= 30, `${lines.length}`)
})

t.test('the derivatives are right, to second order', async (t) => {
  for (const form of forms) {
    const { params } = init(net(form), key(1), { dtype: 'float64' })
    for (const n of [0, 2]) {
      const report = gradCheck(net(form), { params, input: batch(form, n).input }, { entries: 2, directions: 1 })
      t.ok(report.pass, `${form}, batch of ${n}`, { report: show(report) })
    }
  }
})

t.test('forward and backward coupled by hand give the same', async (t) => {
  for (const form of forms)
    for (const n of [1, 7]) {
      const { params } = init(net(form), key(1), { dtype: 'float64' })
      const { composed, byHand } = gradients(net(form), form, params, batch(form, n))
      const worst = largestDifference(byHand, composed)
      t.ok(worst < 1e-12, `${form}, batch of ${n}: ${worst}`)
    }
})

t.test('the effect of a move on a pose', async (t) => {
  const of = (form: Form, pose: number[], move: number[]) =>
    toArray(poses[form].apply(...([pose, move].map((x) => fromArray(x, [1, ...poses[form].shape])) as [never, never])))
  t.same(of('translation', [1, 2], [10, 20]), [11, 22])
  t.same(of('matrix', [1, 2, 3, 4], [0, 1, 2, 0]), [3, 4, 2, 4], 'the move times the pose')
  t.same(of('affine', [1, 2, 3, 4, 5, 6], [0, 1, 10, 2, 0, 20]), [4, 5, 16, 2, 4, 26])
  const projective = [1, 2, 3, 4, 5, 6, 0, 0, 1]
  t.same(of('projective', projective, [0, 1, 10, 2, 0, 20, 0, 0, 1]).slice(0, 6), [4, 5, 16, 2, 4, 26])
})

t.test('pictures moved by maps', async (t) => {
  const dot = Float32Array.from({ length: 25 }, (_, i) => (i === 12 ? 1 : 0))
  const at = (map: Homography): readonly number[] => [...warp(dot, map)].flatMap((grey, i) => (grey > 0.01 ? [i] : []))
  t.same(at(shift(1, 0)), [13], 'to the right')
  t.same(at(shift(0, 1)), [17], 'down')
  t.same(at(shift(3, 0)), [], 'out of sight')
  t.same(at(after(turn(Math.PI / 2, 1, 1), shift(2, 0))), [22], 'first the shift, then the turn')
  t.same([...warp(dot, shift(0.5, 0))].slice(10, 15), [0, 0, 0.5, 0.5, 0], 'between two pixels')
  const map = after(after(shift(1, 2), turn(0.3, 1.1, 0.8)), tilt(0.02, -0.01))
  const there = after(map, inverse(map))
  t.ok(
    there.every((x, i) => Math.abs(x - (i % 4 === 0 ? 1 : 0)) < 1e-12),
    'the way back',
  )
})

t.test('pairs', async (t) => {
  const digits = random.uniform(key(3), [4, 784]) as Pairs['target']
  for (const form of forms) {
    const [one, other] = [pairs(form, key(5), digits), pairs(form, key(5), digits)]
    t.ok(sameTree(one, other), `${form}: the same key gives the same`)
    t.notOk(sameTree(one, pairs(form, key(6), digits)))
    t.same(one.input.move.shape, [4, ...poses[form].shape])
    t.same(pairs(form, key(5), op.slice(digits, [[0, 0]])).target.shape, [0, 784], 'of no digits')
  }
  const { input, target } = pairs(
    'translation',
    key(5),
    fromArray(
      Array.from({ length: 784 }, (_, i) => (i === 14 * 28 + 14 ? 1 : 0)),
      [1, 784],
    ),
  )
  const place = (x: Tensor) => toArray(x).indexOf(1)
  const [x = 0, y = 0] = toArray(input.move)
  t.equal(place(target), place(input.image) + 28 * y + x, 'the move takes one to the other')
})

t.test('the program: it trains, measures and draws', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'transforming-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const quick = '--capsules 3 --recognition 5 --generation 8 --steps 60 --batch 20 --lr 0.01 --unseen 50'.split(' ')
  const outcomes = await Promise.all(
    (['translation', 'affine'] as const).map((form) =>
      runExample('transforming/index', ...quick, '--pose', form, '--picture', join(folder, `${form}.svg`)),
    ),
  )
  outcomes.forEach(({ code, stdout, stderr }, i) => {
    t.equal(code, 0, stderr)
    t.match(stdout, [/3 capsules with poses \[2\], [\d,]+ parameters/, /3 capsules with poses \[2, 3\], /][i])
    t.match(stdout, /step 60\/60 {2}loss \d+\.\d\d {2}[▁-█]+ {2}\d+ pairs\/s/, 'progress')
    t.match(stdout, /loss, from the first step to the last\n( *\S* [┤│].*\n)+ +└─+\n/, 'a loss curve')
    const error = (what: string): number => Number(new RegExp(`^  ${what} +(\\d+\\.\\d\\d)$`, 'm').exec(stdout)?.[1])
    t.ok(error('after training') < 0.8 * error('before training'), 'it has learnt')
    for (const other of ['the input as it is', 'the mean of all targets', "told another digit's move"])
      t.ok(error(other) > 0, other)
    t.match(stdout, /^input +target +output$/m, 'pictures')
    const [, difference] = /hand-coupled gradient against the composed one: (\S+)/.exec(stdout) ?? []
    t.ok(Number(difference) < 1e-12, 'one gradient')
  })
  const [translation = ''] = ['translation', 'affine'].map((form) => readFileSync(join(folder, `${form}.svg`), 'utf8'))
  t.match(translation, /^<svg [^>]*>\n(.*\n)*<\/svg>\n$/)
  t.equal(translation.match(/<g /g)?.length, 30, 'ten digits: input, target and output')
  for (const caption of ['input', 'target', 'output']) t.match(translation, `>${caption}</text>`)
})

t.test('help, and bad options', async (t) => {
  const [help, wrong] = await Promise.all([
    runExample('transforming/index', '--help'),
    runExample('transforming/index', '--pose', 'cube'),
  ])
  t.equal(help.code, 0)
  for (const option of [
    'capsules',
    'recognition',
    'generation',
    'pose',
    'steps',
    'batch',
    'lr',
    'seed',
    'picture',
    'help',
  ])
    t.match(help.stdout, new RegExp(`^  --${option} +\\S`, 'm'))
  t.equal(wrong.code, 2)
  t.match(wrong.stderr, "transforming: --pose: expected translation or matrix or affine or projective, got 'cube'")
})
