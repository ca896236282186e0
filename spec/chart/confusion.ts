import { fromNested, metric, StructureError } from 'pullback'
import { confusionPicture, confusionText } from 'pullback/chart'
import t from 'tap'
import { shades } from '../../lib/chart/color.ts'
import { all, type Element, parsed, placesOf } from '../support/markup.ts'

const read = (text: string): Element => parsed(text).children[0] as Element
const cellsOf = (svg: Element): readonly Element[] =>
  all(svg, 'g').filter(({ children }) => children[0]?.name === 'title')
const square = (classes: number, f = (i: number, j: number): number => (i === j ? 9 : (i * j) % 3)) =>
  Array.from({ length: classes }, (_, i) => Array.from({ length: classes }, (_, j) => f(i, j)))

t.test('a cell for each class and class, shaded by its share of its row', async (t) => {
  const svg = read(
    confusionPicture(
      [
        [8, 2, 0],
        [0, 500, 0],
        [0, 0, 0],
      ],
      { labels: ['cat', 'dog', 'emu'] },
    ),
  )
  t.same(
    cellsOf(svg).map(({ children: [title, path, text] }) => [title?.text, path?.attributes.fill, text?.text]),
    [
      ['cat taken for cat: 8, 80 % of its row', shades[8]?.cell.light, '8'],
      ['cat taken for dog: 2, 20 % of its row', shades[2]?.cell.light, '2'],
      ['cat taken for emu: 0, 0 % of its row', shades[0]?.cell.light, undefined],
      ['dog taken for cat: 0, 0 % of its row', shades[0]?.cell.light, undefined],
      ['dog taken for dog: 500, 100 % of its row', shades[10]?.cell.light, '500'],
      ['dog taken for emu: 0, 0 % of its row', shades[0]?.cell.light, undefined],
      ...['cat', 'dog', 'emu'].map((name) => [
        `emu taken for ${name}: 0, 0 % of its row`,
        shades[0]?.cell.light,
        undefined,
      ]),
    ],
  )
  t.match(svg.children[1]?.text, '3 classes, 508 of 510 right, 99.6 %.')
})

t.test('of a metric', async (t) => {
  const matrix = metric.confusionMatrix(
    fromNested([
      [1, 2],
      [4, 3],
    ]),
    fromNested([1, 1], 'int32'),
  )
  t.equal(
    confusionPicture(matrix),
    confusionPicture([
      [0, 0],
      [1, 1],
    ]),
  )
  t.equal(
    confusionText(matrix),
    '     0  1\n0    ·  ·\n1    1  1'.replace(/ {5}0/, '   0').replace(/(\d) {4}/g, '$1  '),
  )
})

t.test('a hundred classes: within the picture, with some labels and no numbers', async (t) => {
  const text = confusionPicture(square(100))
  const svg = read(text)
  t.ok(text.length < 150_000, `${text.length}`)
  const texts = all(svg, 'text').map(({ text }) => text)
  t.ok(texts.includes('0') && texts.includes('99') && !texts.includes('1'))
  const [grid] = all(svg, 'g')
  const places = (grid?.children ?? []).flatMap(({ attributes }) => placesOf(attributes.d ?? ''))
  t.ok(places.every(([x, y]) => x >= 0 && x <= 520 && y >= 0 && y <= 520))
  t.equal(Number(svg.attributes.width) > 520, true)
  t.match(confusionText(square(100)), /^class {2}taken for {2}times\n(.*\n){21}and [\d,]+ other pairs$/)
})

t.test('no classes, one, and numbers of many digits', async (t) => {
  t.match(confusionPicture([]), 'no classes')
  t.match(confusionPicture([]), '0 classes, no examples.')
  t.equal(confusionText([]), '')
  t.equal(cellsOf(read(confusionPicture([[3]]))).length, 1)
  t.match(
    confusionPicture([
      [1234567, 0],
      [0, 0],
    ]),
    />1.2e6</,
  )
})

const hostile = '"><script>alert(1)</script>\u001b[2J\n\u202eevil'
t.test('labels are text, long ones cut in their middle', async (t) => {
  const labels = [hostile, `${'x'.repeat(500)}y`]
  const svg = read(
    confusionPicture(
      [
        [1, 0],
        [0, 1],
      ],
      { labels, title: hostile },
    ),
  )
  t.equal(all(svg, 'script').length, 0)
  t.ok(all(svg, 'text').some(({ text }) => /^x{10}…x{8}y$/.test(text)))
  t.notMatch(
    confusionText(
      [
        [1, 0],
        [0, 1],
      ],
      { labels },
    ),
    /[\u202e]|\p{Cc}\[/u,
  )
  t.equal(
    confusionText(
      [
        [1, 0],
        [0, 1],
      ],
      { labels },
    ).split('\n').length,
    3,
  )
})

t.test('what is no confusion matrix is told', async (t) => {
  t.throws(() => confusionPicture([[1, 2]]), {
    name: 'ShapeError',
    message: /1 rows, one of 2 entries; metric\.confusionMatrix/,
  })
  t.throws(() => confusionPicture(fromNested([1, 2])), {
    name: 'ShapeError',
    message: /\[classes, classes\], got \[2\]/,
  })
  t.throws(() => confusionPicture([[-1]]), { name: 'ValueError' })
  t.throws(() => confusionPicture([[Number.NaN]]), { name: 'ValueError' })
  t.throws(() => confusionText(3 as never), { name: 'StructureError', message: /^confusionText: / })
  t.throws(() => confusionPicture([[1]], { labels: ['a', 'b'] }), {
    message: /expected 1 labels, one for each class, got 2/,
  })
  t.throws(() => confusionPicture([[1]], { labels: [3] } as never), { message: /labels, an array of texts/ })
  t.throws(() => confusionPicture([[1]], { names: [] } as never), StructureError)
})
