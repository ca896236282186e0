import { DTypeError, ShapeError, StructureError, TensorError, TracedError, ValueError } from 'pullback'
import t from 'tap'
import { within } from '../../lib/error/tensorError.ts'

t.test('errors have fields', async (t) => {
  for (const [name, Class] of Object.entries({ DTypeError, ShapeError, StructureError, TracedError, ValueError })) {
    const e = new Class({ op: 'add', expected: 'this', actual: 'that', path: ['a', 'b'], remedy: 'do so' })
    t.match(e, { _tag: name, name, op: 'add', expected: 'this', actual: 'that', path: ['a', 'b'], remedy: 'do so' })
    t.equal(e.message, `add at a.b: expected this, got that; do so [${e.code}]`)
    const other = new Class({ op: 'add', expected: 'this', actual: 'that', code: 'leaked' })
    t.same([other.code, other.message], ['leaked', 'add: expected this, got that [leaked]'])
    t.ok(e instanceof TensorError && e instanceof Error)
  }
  t.equal(
    new ShapeError({ op: 'add', expected: 'this', actual: 'that' }).message,
    'add: expected this, got that [shape-mismatch]',
  )
})

t.test('within', async (t) => {
  const failing = () => {
    throw new ShapeError({ op: 'linear', expected: 'this', actual: 'that' })
  }
  try {
    within('enc', () => within('L1', failing))
    t.fail('nothing was thrown')
  } catch (e) {
    t.match(e, {
      name: 'ShapeError',
      path: ['enc', 'L1'],
      message: 'linear at enc.L1: expected this, got that [shape-mismatch]',
    })
    t.match((e as Error).stack, /failing/, 'the stack is that of the first throw')
  }
  t.equal(
    within('a', () => 3),
    3,
  )
  t.throws(
    () =>
      within('a', () => {
        throw new TypeError('other')
      }),
    { name: 'TypeError', message: 'other' },
  )
})
