import {
  fromNested,
  gradCheck,
  key,
  op,
  random,
  range,
  type Scalar,
  show,
  showTensor,
  showTree,
  type Tensor,
  vjp,
  zeros,
} from 'pullback'
import t from 'tap'

t.test('tensors', async (t) => {
  t.equal(show(fromNested(3.5)), 'float32 [] 3.5')
  t.equal(
    show(
      fromNested(
        [
          [1, 20],
          [300, -4],
        ],
        'int32',
      ),
    ),
    'int32 [2, 2]\n[[  1,  20],\n [300,  -4]]',
  )
  t.equal(show(fromNested([0.5, 0.25, -1])), 'float32 [3]\n[ 0.50,  0.25, -1.00]')
  t.equal(show(fromNested([1e-9, 1])), 'float32 [2]\n[1.0000e-9, 1.0000e+0]')
  t.equal(show(fromNested([Number.NaN, Number.POSITIVE_INFINITY, 1])), 'float32 [3]\n[     NaN, Infinity,        1]')
  t.equal(show(fromNested([Number.NaN])), 'float32 [1]\n[NaN]')
  t.equal(show(zeros([0, 3])), 'float32 [0, 3]')
  t.equal(
    show(
      op.transpose(
        fromNested([
          [1, 2],
          [3, 4],
        ]),
      ),
    ),
    'float32 [2, 2]\n[[1, 3],\n [2, 4]]',
  )
  t.equal(show(op.reshape(range(0, 8), [2, 2, 2])), 'float32 [2, 2, 2]\n[[[0, 1],\n  [2, 3]],\n\n [[4, 5],\n  [6, 7]]]')
})

t.test('the middle of a large tensor is left out', async (t) => {
  t.equal(show(range(0, 1001)), 'float32 [1001]\n[   0,    1,    2,    …,  998,  999, 1000]'.replace('   …', '…'))
  const lines = show(zeros([100, 100])).split('\n')
  t.equal(lines.length, 8)
  t.equal(lines[4], ' …,')
  t.equal(show(range(0, 1000)).includes('…'), false, 'a thousand are shown')
})

t.test('records, traced tensors, reports', async (t) => {
  const run = { step: 3, params: { b: fromNested([1]) }, state: {}, key: [0, 1], f: String }
  t.equal(show(run), 'step: 3\nparams.b: float32 [1]\n[1]\nkey: [0, 1]\nf: a function')
  t.equal(showTree.show({ L1: { b: fromNested([1]) } }), 'L1.b: float32 [1]\n[1]')
  t.equal(showTensor.show(fromNested([1])), 'float32 [1]\n[1]')
  let seen = ''
  vjp((x: Tensor<readonly [2]>) => {
    seen = show(x)
    return x
  })(fromNested([1, 2]))
  t.equal(seen, 'traced float32 [2]')
  const report = show(gradCheck((x: Tensor) => op.sum(op.mul(x, x)) as Scalar, random.normal(key(0), [2])))
  t.match(report, /argument +1 +\[2\] +pass/)
  t.match(report, /gradient check: pass \(tolerance 0.000001\)$/)
  const compared = (x: Tensor, options: object): string =>
    show(gradCheck((v: Tensor) => op.sum(op.exp(v)) as Scalar, x, { order: 1, ...options })).split('\n')[2] as string
  for (const [n, options, words] of [
    [1, {}, '1 entry'],
    [2, {}, '2 entries'],
    [2, { entries: 1, directions: 1 }, '1 direction'],
    [2, { entries: 1, directions: 3 }, '3 directions'],
  ] as const)
    t.match(compared(random.normal(key(0), [n], 'float64'), options), new RegExp(` ${words}$`))
})
