import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { schedule } from 'pullback'
import t from 'tap'
import { activationVariance } from '../../examples/lab/activationVariance.ts'
import { optimizerPaths } from '../../examples/lab/optimizerPaths.ts'
import { regularisation } from '../../examples/lab/regularisation.ts'
import { schedules } from '../../examples/lab/schedules.ts'
import { exampleOutput, runExample } from '../support/example.ts'
import { root } from '../support/run.ts'

t.test('activationVariance: variance that vanishes, lasts or grows', async (t) => {
  const of = Object.fromEntries(
    activationVariance({ layers: 15, width: 64, examples: 50, seed: 0 }).map(({ f, curves }) => [
      f,
      Object.fromEntries(curves.map(({ name, variances }) => [name, variances])),
    ]),
  )
  const last = (f: string, name: string): number => of[f]?.[name]?.at(-1) as number
  for (const variances of Object.values(of).flatMap((curves) => Object.values(curves))) {
    t.equal(variances.length, 16)
    t.ok(Math.abs((variances[0] as number) - 1) < 0.2, 'the input has variance 1')
  }
  const lasts = (v: number): boolean => v > 0.1 && v < 10
  for (const name of ['heNormal', 'heUniform', 'orthogonal, gain', 'varianceScaling, gain']) {
    t.ok(lasts(last('relu', name)), `relu, ${name}: ${last('relu', name)}`)
    t.ok(lasts(last('tanh', name)), `tanh, ${name}: ${last('tanh', name)}`)
  }
  t.ok(last('relu', 'lecunNormal') < 1e-3, 'half of it is lost at each relu')
  t.ok(last('relu', 'normal, 1') > 1e10)
  t.ok(last('tanh', 'truncatedNormal, 0.02') < 1e-10)
  t.same([last('tanh', 'zeros'), last('relu', 'zeros')], [0, 0])
  t.same(of.relu?.glorotNormal, of.relu?.lecunNormal, 'the same where layers have as many outputs as inputs')
})

t.test('optimizerPaths: all go down', async (t) => {
  for (const { name, surface, paths } of optimizerPaths({ steps: 100 }))
    for (const [by, stops] of Object.entries(paths)) {
      const [first, last] = [stops[0], stops.at(-1)]
      t.same(first?.at, surface.start)
      t.ok((last?.value as number) < 0.3 * (first?.value as number), `${by} on ${name}: ${last?.value}`)
      if (by === 'L-BFGS') {
        t.ok((last?.value as number) < 1e-10)
        const [x, y] = last?.at ?? []
        t.ok(Math.hypot(Number(x) - surface.minimum[0], Number(y) - surface.minimum[1]) < 1e-4)
      } else t.equal(stops.length, 101)
    }
})

t.test('schedules: every one of the library, and a training with each', async (t) => {
  const runs = schedules({ epochs: 20, seed: 0 })
  t.same(runs.map(({ name }) => name.split(',')[0]).sort(), Object.keys(schedule).sort())
  for (const { name, rates, losses } of runs) {
    t.equal(rates.length, 200)
    t.equal(losses.length, 20)
    t.ok(Math.max(...rates) <= 0.3 && Math.max(...rates) > 0.29, name)
    t.ok((losses.at(-1) as number) < (losses[0] as number), `${name}: ${losses}`)
  }
  const rates = Object.fromEntries(runs.map((run) => [run.name, run.rates]))
  t.same(
    rates.cosine,
    Array.from({ length: 200 }, (_, n) => schedule.cosine(0.3, { steps: 200 })(n)),
  )
  t.same(rates.constant, Array(200).fill(0.3))
})

t.test('regularization: a network that overfits, and remedies', async (t) => {
  const runs = await regularisation({ digits: 200, unseen: 200, epochs: 30, units: 64, seed: 0 })
  t.same(Object.keys(runs), ['neither', 'dropout', 'batchNorm', 'both'])
  for (const run of Object.values(runs)) t.equal(run.length, 30)
  const { neither, dropout } = runs
  const last = neither.at(-1)
  t.ok((last?.learnt.accuracy as number) > 0.8)
  t.ok((last?.unseen.loss as number) > 2 * (last?.learnt.loss as number), 'learnt, but not for others')
  t.ok(
    (dropout.at(-1)?.learnt.loss as number) > (last?.learnt.loss as number),
    'dropout makes it hard to learn by heart',
  )
})

const quick: Readonly<Record<string, readonly string[]>> = {
  activationVariance: ['--layers', '3', '--width', '9', '--examples', '5'],
  optimizerPaths: ['--steps', '9'],
  regularisation: ['--digits', '60', '--unseen', '50', '--epochs', '2', '--units', '5'],
  schedules: ['--epochs', '2'],
}
const programs = readdirSync(join(root, 'examples/lab')).map((file) => file.replace(/\.ts$/, ''))

t.test('each program draws in the terminal and as a picture', async (t) => {
  t.same(programs, Object.keys(quick))
  const folder = mkdtempSync(join(tmpdir(), 'lab-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = (name: string): string => join(folder, `${name}.svg`)
  const texts = await Promise.all(
    programs.map((name) => exampleOutput(`lab/${name}`, ...(quick[name] ?? []), '--picture', file(name))),
  )
  for (const [i, name] of programs.entries()) {
    const text = texts[i] ?? ''
    t.match(text, /^\S.* by .*\n +first +last\n( *\S.* {2}[▁▂▃▄▅▆▇█ ]+ {2} *\S+\n)+/, name)
    t.ok(text.endsWith(`drawn to ${file(name)}\n`))
    const picture = readFileSync(file(name), 'utf8')
    t.match(picture, /^<svg xmlns="[^"]+" viewBox="0 0 \d+ \d+" [^<>]+>\n(<.+>\n)*<\/svg>\n$/)
    t.notMatch(picture, /NaN|undefined|Infinity/)
    t.equal(picture.split('<g ').length, picture.split('</g>').length)
    for (const [, series = ''] of text.matchAll(/^ *(\S.*?) {2,}\S+ +[▁▂▃▄▅▆▇█]/gm))
      t.ok(picture.includes(`>${series}</text>`), `${series} in the legend`)
  }
})

t.test('each program lists its options', async (t) => {
  const told = await Promise.all(programs.map((name) => runExample(`lab/${name}`, '--help')))
  told.forEach(({ code, stdout }, i) => {
    t.equal(code, 0)
    t.ok(stdout.startsWith(`${programs[i]}: `))
    t.match(stdout, '--picture')
  })
  const { code, stderr } = await runExample('lab/schedules', '--epochs', '0')
  t.equal(code, 2)
  t.equal(stderr, "schedules: --epochs: expected a whole number from 1 to 1000, got '0' (--help tells more)\n")
})
