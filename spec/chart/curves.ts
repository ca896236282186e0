import { type History, StructureError } from 'pullback'
import { curves, curvesText } from 'pullback/chart'
import t from 'tap'
import { panelsOf } from '../../lib/chart/history.ts'
import { all, parsed } from '../support/markup.ts'

const history: History = {
  epoch: [1, 2, 3],
  step: [10, 20, 30],
  seconds: [0.5, 1, 1.5],
  loss: [2, 1, 0.5],
  accuracy: [0.5, 0.6, 0.7],
  'validation.loss': [2.5, 1.5, 1],
  'validation.f1': [0.4, 0.5, 0.6],
}
const told = (of: History, options = {}): unknown =>
  panelsOf('curves', of, options).map(({ title, series = [] }) => [
    title,
    series.map(({ name, points }) => [name, points]),
  ])

t.test('a panel for each column, with that of the validation part in it', async (t) => {
  t.same(told(history), [
    [
      'loss',
      [
        [
          'training',
          [
            [1, 2],
            [2, 1],
            [3, 0.5],
          ],
        ],
        [
          'validation',
          [
            [1, 2.5],
            [2, 1.5],
            [3, 1],
          ],
        ],
      ],
    ],
    [
      'accuracy',
      [
        [
          'training',
          [
            [1, 0.5],
            [2, 0.6],
            [3, 0.7],
          ],
        ],
      ],
    ],
    [
      'f1',
      [
        [
          'validation',
          [
            [1, 0.4],
            [2, 0.5],
            [3, 0.6],
          ],
        ],
      ],
    ],
  ])
  t.same(told(history, { columns: ['accuracy'], by: 'seconds' }), [
    [
      'accuracy',
      [
        [
          'training',
          [
            [0.5, 0.5],
            [1, 0.6],
            [1.5, 0.7],
          ],
        ],
      ],
    ],
  ])
  t.same(
    told({ loss: [3, 2] }),
    [
      [
        'loss',
        [
          [
            'training',
            [
              [1, 3],
              [2, 2],
            ],
          ],
        ],
      ],
    ],
    'without epochs they are counted',
  )
  t.same(told({}), [])
})

t.test('columns of different length', async (t) => {
  t.same(told({ epoch: [4, 5], loss: [3, 2, 1], 'validation.loss': [7] }), [
    [
      'loss',
      [
        [
          'training',
          [
            [4, 3],
            [5, 2],
            [6, 1],
          ],
        ],
        ['validation', [[4, 7]]],
      ],
    ],
  ])
})

t.test('powers of ten: where the loss spans two of them, or as told', async (t) => {
  const isLog = (of: History, options = {}): unknown => panelsOf('curves', of, options).map(({ y }) => y.log)
  t.same(isLog({ loss: [100, 1] }), [true])
  t.same(isLog({ loss: [99, 1] }), [false])
  t.same(isLog({ loss: [100, 0.5, 0] }), [false], 'a zero has no place on it')
  t.same(isLog({ loss: [100, Number.NaN, 0.5], rate: [100, 1] }), [true, false])
  t.same(isLog({ loss: [] }), [false])
  t.same(isLog({ loss: [100, 1], accuracy: [1, 1] }, { log: false }), [false, false])
  t.same(isLog({ accuracy: [1, 1] }, { log: true }), [true])
})

t.test('the picture', async (t) => {
  const svg = parsed(curves(history, { title: 'Flowers' })).children[0]
  const texts = all(svg as never, 'text').map(({ text }) => text)
  for (const text of ['loss', 'accuracy', 'f1', 'epoch', 'training', 'validation']) t.ok(texts.includes(text), text)
  t.same(
    svg?.children.slice(0, 2).map(({ text }) => text),
    ['Flowers', 'loss ends at 0.5; validation.loss ends at 1; accuracy ends at 0.7; validation.f1 ends at 0.6.'],
  )
  t.match(curves({ epoch: [], loss: [] }), /No epoch is over yet\..*\n[\s\S]*nothing to draw/)
})

t.test('what is no history is told', async (t) => {
  t.throws(() => curves([1, 2] as never), {
    name: 'StructureError',
    message: 'curves: expected a history, a record of columns of numbers, got an array; `state.history` of fit is one',
  })
  t.throws(() => curves({ loss: ['1'] } as never), { message: /^curves at loss: expected a column of numbers/ })
  t.throws(() => curves(history, { columns: ['f2'] }), {
    message: /^curves: expected one of the columns epoch, .*'f2'/,
  })
  t.throws(() => curves(history, { by: 'time' }), { message: /^curves: expected one of the columns epoch, .*'time'/ })
  t.throws(() => curves(history, { logarithmic: true } as never), StructureError)
})

t.test('in a terminal', async (t) => {
  t.equal(
    curvesText(
      { epoch: [1, 2, 3, 4], loss: [4, 2, 1, 1], 'validation.loss': [4, 3, Number.NaN, 4] },
      { width: 13, height: 5 },
    ),
    [
      'loss',
      '4 ┤─╮•         •',
      '  │ ╰─╮•',
      '2 ┤   ╰──╮',
      '  │      ╰──────',
      '0 ┤',
      '  └─────────────',
      '       2       4',
      '   epoch    ─ training   • validation',
    ].join('\n'),
  )
})
