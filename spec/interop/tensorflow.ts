// Both programs of docs/from-tensorflow.md give the same figures: ours runs here, and tensorflow.mjs has run the other.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { blocksOf } from '../../docs/site/block.ts'
import { output, root } from '../support/run.ts'

type Columns = Readonly<Record<string, readonly number[]>>
interface Figures {
  readonly kernels: readonly (readonly number[])[]
  readonly history: Columns
  readonly loss: number
  readonly accuracy: number
  readonly probabilities: readonly (readonly number[])[]
}

const page = readFileSync(join(root, 'docs/from-tensorflow.md'), 'utf8')
const theirs: Figures & { readonly program: string; readonly versions: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(root, 'spec/interop/tensorflow.json'), 'utf8'),
)

/** What our program of the page comes to, run in a folder of its own. */
const ours = async (): Promise<Figures> => {
  const folder = mkdtempSync(join(tmpdir(), 'pullback-interop-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const told = `console.log(JSON.stringify({
    kernels: kernels.map((kernel) => Array.from(toTypedArray(kernel))), history, ...found, probabilities
  }))`
  const program = ["import { toTypedArray } from 'pullback'", ...blocksOf(page).map(({ code }) => code), told].join(
    '\n',
  )
  const file = join(root, '.tap', 'moved.ts')
  writeFileSync(file, program)
  const loader = pathToFileURL(join(root, 'spec/support/ts.mjs')).href
  return JSON.parse(await output(process.execPath, [`--import=${loader}`, file], folder))
}

/** The largest difference of numbers that must be as many. */
const apart = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length ? Math.max(...a.map((x, i) => Math.abs(x - (b[i] as number)))) : Number.POSITIVE_INFINITY

const found = await ours()
const columns = { loss: 'loss', acc: 'accuracy', val_loss: 'validation.loss', val_acc: 'validation.accuracy' }

t.test('the program of the page is the one that was run', async (t) => {
  const [, program] = /^```js\n([\s\S]*?)^```/m.exec(page) ?? []
  t.equal(theirs.program, program, 'node spec/interop/tensorflow.mjs runs it again')
  t.match(page, `TensorFlow.js ${theirs.versions.tensorflow} on its backend \`${theirs.versions.backend}\``)
})

t.test('both start from the same weights', async (t) => {
  t.same(
    found.kernels,
    theirs.kernels.map((kernel) => kernel.map(Math.fround)),
  )
})

t.test('both come to the same figures, up to rounding', async (t) => {
  for (const [their, our] of Object.entries(columns)) {
    const [a, b] = [theirs.history[their] ?? [], found.history[our] ?? []]
    t.equal(a.length, 20, their)
    t.ok(apart(a, b) < 5e-6, `${our}: ${apart(a, b)}`)
  }
  t.ok(apart([theirs.loss, theirs.accuracy], [found.loss, found.accuracy]) < 5e-6, 'evaluate')
  t.ok(apart(theirs.probabilities.flat(), found.probabilities.flat()) < 5e-6, 'predict, with the model loaded again')
})

t.test('the tables of the page have these figures', async (t) => {
  const rows = [...page.matchAll(/^\| (\d+|at .*?) \| (.*) \|$/gm)].map(([, first = '', cells = '']) => ({
    first,
    cells: cells.split(' | '),
  }))
  const epochs = rows.filter(({ first }) => /^\d+$/.test(first))
  t.same(
    epochs.map(({ first }) => first),
    ['1', '2', '5', '10', '20'],
  )
  for (const { first, cells } of epochs)
    t.same(
      cells,
      (['loss', 'acc', 'val_loss'] as const).flatMap((their) =>
        [theirs.history[their], found.history[columns[their]]].map((column) =>
          column?.[Number(first) - 1]?.toFixed(their === 'acc' ? 4 : 5),
        ),
      ),
    )
  const points = rows.filter(({ first }) => first.startsWith('at'))
  t.equal(points.length, 2)
  for (const [i, { cells }] of points.entries())
    t.same(
      cells,
      [theirs, found].map(({ probabilities }) => probabilities[i]?.[0]?.toFixed(5)),
    )
})
