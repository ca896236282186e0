// A monotone layer before one that selects maxima is computed behind it: the same values and gradients, to the last bit.

import fc from 'fast-check'
import {
  type AnyLayer,
  apply,
  compose,
  fromArray,
  init,
  input,
  key,
  maxPool2d,
  op,
  random,
  relu,
  summary,
  type Tensor,
  toArray,
  zeros,
} from 'pullback'
import t from 'tap'
import { check } from '../support/property.ts'

type Images = Tensor<readonly [number, 4, 5, 2]>

t.test('as one after the other', async () => {
  const port = input([4, 5, 2])
  const [one, other] = [compose(port, relu), maxPool2d([2, 3], { stride: [2, 1], padding: [1, 0] })] as const
  const both = compose(port, relu, other)
  const numbers = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom(-0, Number.NaN))
  check(fc.array(numbers, { minLength: 80, maxLength: 80 }), (xs) => {
    const x = fromArray(xs, [2, 4, 5, 2], 'float64') as unknown as Images
    const first = apply(one, init(one, key(0)), { mode: 'eval' }, x as never)
    const second = apply(other, init(other, key(0)), { mode: 'eval' }, first.value as never)
    const found = apply(both, init(both, key(0)), { mode: 'eval' }, x as never)
    const d = random.normal(key(1), second.value.shape, 'float64') as never
    const said = first.pullback(second.pullback(d).input() as never).input() as Tensor
    const same = (a: readonly number[], b: readonly number[]): boolean => a.every((v, i) => Object.is(v, b[i]))
    const dx = found.pullback(d).input() as Tensor
    const positive = toArray(op.sub(dx, said)).every((v) => v === 0)
    return same(toArray(found.value as Tensor), toArray(second.value as Tensor)) && positive
  })
})

t.test('a network looks as it was written', async (t) => {
  const rows = summary(compose(input([4, 4, 1]), relu, maxPool2d(2))).split('\n')
  t.match(rows[3], /relu +\[4, 4, 1\]/)
  t.match(rows[4], /maxPool2d +\[2, 2, 1\]/)
})

t.test('compose goes by the traits that layers declare', async (t) => {
  const seen: string[] = []
  const watched = (layer: AnyLayer, name: string): AnyLayer['apply'] => {
    return (...args) => {
      seen.push(name)
      return layer.apply(...args)
    }
  }
  const pool = maxPool2d(2)
  const order = (first: AnyLayer, second: AnyLayer): string => {
    const net = compose(input([4, 4, 1]), first, second) as AnyLayer
    seen.length = 0
    apply(net, init(net, key(0)), { mode: 'eval' }, zeros([1, 4, 4, 1]) as never)
    return seen.slice(-2).join(' ')
  }
  const own: AnyLayer = { ...relu, apply: watched(relu, 'own') }
  const ownPool: AnyLayer = { ...pool, apply: watched(pool, 'pool') }
  t.equal(order(own, ownPool), 'own pool', 'copies with another apply declare nothing')
  t.equal(order({ ...own, monotone: true }, { ...ownPool, selectsMaximum: true }), 'pool own')
  t.equal(order({ ...own, monotone: true }, ownPool), 'own pool')
  t.equal(relu.monotone, true)
  t.equal(pool.selectsMaximum, true)
})
