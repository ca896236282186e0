import { StructureError } from 'pullback'
import t from 'tap'
import { checkOptions } from '../../lib/error/options.ts'

t.test('options have known names', async (t) => {
  checkOptions('epochs', {}, ['count', 'size'])
  checkOptions('epochs', { size: 1, count: undefined }, ['count', 'size'])
  checkOptions('epochs', Object.assign(Object.create(null), { size: 1 }), ['count', 'size'])
  t.throws(() => checkOptions('epochs', { epochs: 1 }, ['count', 'size']), {
    name: StructureError.name,
    message: "epochs: expected options among count, size, got 'epochs'",
  })
  t.throws(() => checkOptions('epochs', { size: 1, a: 1, toString: 2 }, ['count', 'size']), {
    message: "epochs: expected options among count, size, got 'a', 'toString'",
  })
  t.throws(() => checkOptions('relu', { slope: 1 }, []), {
    message: "relu: expected no options, got 'slope'",
  })
})

t.test('options are a record', async (t) => {
  for (const [given, name] of [
    [undefined, 'undefined'],
    [null, 'null'],
    [3, '3'],
    ['a', "'a'"],
    [[1], 'an array'],
    [() => 1, 'a function'],
  ] as const)
    t.throws(() => checkOptions('epochs', given, ['count', 'size']), {
      name: StructureError.name,
      message: `epochs: expected a record of options among count, size, got ${name}`,
    })
})
