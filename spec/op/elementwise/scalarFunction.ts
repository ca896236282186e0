import { op, zeros } from 'pullback'
import t from 'tap'
import type { Operation } from '../../../lib/diff/primitive.ts'

type Any = Operation<(...args: never[]) => never>

const unary = [
  ...[
    'abs',
    'elu',
    'erf',
    'exp',
    'gelu',
    'geluTanh',
    'leakyRelu',
    'log',
    'mish',
    'neg',
    'normalCdf',
    'relu',
    'sigmoid',
  ],
  ...['silu', 'softplus', 'sqrt', 'tanh'],
] as const
const binary = ['div', 'maximum', 'minimum', 'mul'] as const
const constants = { scale: 3 } as const

/** The stack traces of the errors that a wrong cotangent leads to, one for each thunk. */
const stacks = (name: keyof typeof op, args: readonly unknown[]): readonly string[] => {
  const [, pullback] = (op[name] as unknown as Any).pull(...(args as never[]))
  return pullback('no tensor' as never).map((thunk) => {
    try {
      thunk?.()
      return 'no error'
    } catch (error) {
      return (error as Error).stack ?? 'no stack'
    }
  })
}

t.test('a stack trace tells which operation’s pullback failed', async (t) => {
  const x = zeros([2])
  const calls = [
    ...unary.map((name) => [name, [x]] as const),
    ...binary.map((name) => [name, [x, x]] as const),
    ...Object.entries(constants).map(([name, k]) => [name as 'scale', [x, k]] as const),
  ]
  for (const [name, args] of calls)
    for (const stack of stacks(name, args)) t.match(stack, new RegExp(`at ${name}Pullback `), name)
})
