// Sums of products by letters, against loops; dot, outer and trace.
import { fromNested, item, op, random, type Shape, type Tensor, toArray, toNested } from 'pullback'
import t from 'tap'
import { indexOf, sizeOf } from '../../../lib/tensor/shape.ts'
import { lawsOfDiff } from '../../law/diff.ts'

const sizes: Readonly<Record<string, number>> = { a: 2, b: 3, i: 2, j: 3, k: 4 }
const shapeOf = (letters: string): Shape => [...letters].map((l) => sizes[l] as number)
const drawn = (letters: string, seed: number): Tensor => random.normal(random.key(seed), shapeOf(letters), 'float64')

/** The definition: for each index of the result, the sum over all others of the products. */
const loops = (
  inputs: readonly string[],
  output: string,
  xs: readonly { get(...at: readonly number[]): number }[],
): number[] => {
  const others = [...new Set(inputs.join(''))].filter((l) => !output.includes(l)).join('')
  return Array.from({ length: sizeOf(shapeOf(output)) }, (_, p) => {
    let s = 0
    for (let q = 0; q < sizeOf(shapeOf(others)); q++) {
      const at = new Map([
        ...indexOf(p, shapeOf(output)).map((n, i) => [output[i], n] as const),
        ...indexOf(q, shapeOf(others)).map((n, i) => [others[i], n] as const),
      ])
      s += xs.reduce(
        (product, x, i) => product * x.get(...[...(inputs[i] as string)].map((l) => at.get(l) as number)),
        1,
      )
    }
    return s
  })
}

const equations = [
  'ij->ji',
  'ij->',
  'ij,jk->ik',
  'ij,kj->ki',
  'ij,ij->i',
  'aij,ajk->aik',
  'ij,ab->iajb',
  'ai,bj->ab',
  'ij,jk,ka->ia',
  'i,i->',
  'ij,j,i->j',
  ',ij->ij',
  'abi,abj->aij',
]
t.test('against loops', async (t) => {
  for (const equation of equations) {
    const [left = '', output = ''] = equation.split('->')
    const xs = left.split(',').map(drawn)
    const found = op.einsum(equation, ...xs)
    t.same(found.shape, shapeOf(output), equation)
    const said = loops(left.split(','), output, xs)
    t.ok(
      toArray(found).every((v, i) => Math.abs(v - (said[i] as number)) < 1e-12),
      equation,
    )
  }
})

t.test('derivatives', async (t) => {
  type Pair = { readonly x: Tensor; readonly y: Tensor }
  const pair: Pair = { x: drawn('aij', 1), y: drawn('ajk', 2) }
  lawsOfDiff(t, 'batched', ({ x, y }: Pair) => op.einsum('aij,ajk->kai', x, y) as Tensor, pair)
  lawsOfDiff(
    t,
    'of no entries',
    (x: Tensor) => op.einsum('ij,ij->j', x, x) as Tensor,
    random.normal(random.key(1), [0, 2], 'float64'),
  )
})

t.test('what is refused', async (t) => {
  const x = drawn('ij', 1)
  const refused: readonly (readonly [string, readonly Tensor[], RegExp])[] = [
    ['ij', [x], /letters, commas and an arrow only/],
    ['i j, j k -> i k', [x], /for 1 tensors/],
    ['ii->i', [x], /no letter twice in one tensor/],
    ['ij->k', [x], /'k' is in no argument/],
    ['...j->j', [x], /letters, commas and an arrow only/],
    ['ijk->i', [x], /3 axes for 'ijk' of 'ijk->i', got \[2, 3\]/],
    ['ij,jk->ik', [x, x], /size 3 for 'j' of 'ij,jk->ik', got 2 in \[2, 3\]/],
  ]
  for (const [equation, xs, said] of refused) t.throws(() => op.einsum(equation, ...xs), said, equation)
  t.throws(() => op.einsum(3 as never, x), /an equation such as/)
})

t.test('dot, outer and trace', async (t) => {
  const [a, b] = [fromNested([1, 2, 3]), fromNested([4, 5, 6])]
  t.equal(item(op.dot(a, b)), 32)
  t.same(toNested(op.outer(a, fromNested([1, 10]))), [
    [1, 10],
    [2, 20],
    [3, 30],
  ])
  t.equal(
    item(
      op.trace(
        fromNested([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ),
    ),
    6,
  )
  t.equal(
    item(
      op.trace(
        fromNested([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ),
    ),
    5,
  )
  t.equal(item(op.trace(random.normal(random.key(1), [0, 3]))), 0)
  t.throws(() => op.dot(a, fromNested([1, 2]) as never), /dot: expected two tensors of one shape/)
  t.throws(() => op.outer(fromNested([[1]]) as never, a), /outer: expected vectors, of one axis, got \[1, 1\]/)
  t.throws(() => op.trace(a as never), /trace: expected a matrix, got \[3\]/)
  lawsOfDiff(t, 'trace', (x: Tensor) => op.trace(x as never) as Tensor, drawn('ij', 1))
})
