// A program as a table: its calls, what they read and make, and the memory that it needs.
import {
  type AnyTensor,
  adam,
  compile,
  compose,
  engine,
  fromNested,
  init,
  item,
  key,
  leastSquares,
  linear,
  named,
  op,
  type Program,
  predict,
  random,
  relu,
  sgd,
  show,
  start,
  type Tensor,
  trainStep,
  useEngine,
  type Variables,
  vjp,
  zeros,
} from 'pullback'
import t from 'tap'
import { reference } from '../../lib/kernel/reference/reference.ts'

const net = compose(named('L1', linear(4, 3)), relu, named('L2', linear(3, 1)))
const x = random.normal(key(1), [8, 4])
const run = start(net, sgd(0.1), key(0))

t.test('the program of a prediction', async (t) => {
  const served = compile(
    (variables: Variables<typeof run.params, typeof run.state>, input: Tensor<readonly [number, 4]>) =>
      predict(net, variables, input),
  )
  served(run, x)
  const [program] = served.programs as readonly [Program]
  t.equal(
    show(program),
    [
      '#  kernel    layer  reads              slots  makes  bytes  multiplications',
      '─  ────────  ─────  ─────────────────  ─────  ─────  ─────  ───────────────',
      '0  affine    L1     [8, 4] [3, 4] [3]            24     96               96',
      '1  map relu         [8, 3]                       24     96',
      '2  affine    L2     [8, 3] [1, 3] [1]             8     32               24',
      '   3 calls                                             224              120',
      'memory of results on wasm: 192 bytes, 320 if none shared its place',
      'inputs: 5 in 204 bytes, 0 of them carried from run to run',
      'constants: 0 in 0 bytes',
      'outputs: 1 in 32 bytes',
      'numbers that change: 0',
    ].join('\n'),
  )
  t.equal(show(served), show(program), 'a compiled function shows its programs')
  served(run, random.normal(key(2), [2, 4]))
  t.equal(show(served), served.programs.map(show).join('\n\n'))
  t.equal(served.programs.length, 2)
})

t.test('the program of a training step', async (t) => {
  const step = compile(trainStep(net, leastSquares, adam(0.01)))
  step(start(net, adam(0.01), key(0)), { input: x, target: zeros([8, 1]) })
  const text = show(step)
  t.match(text, /matmul +L2 +\[8, 1\] \[1, 3\] +24 +96 +24\n/, 'a pullback')
  t.match(text, /adam +optimizer\.L1\.W +(\[3, 4\] ?){4} +#\d+ #\d+ #\d+ #\d+ +12 \+ 12 \+ 12 +144\n/)
  t.match(text, /, 12 of them carried/)
  t.match(text, /numbers that change: 4$/)
  const before = useEngine(reference)
  t.match(show(step.programs[0] as Program), /memory of results on reference: (\S+) bytes, \1 if none/)
  useEngine(before)
  t.ok(engine().name !== 'reference')
})

t.test('the multiplications of products', async (t) => {
  const productsOf = (f: (...xs: never[]) => AnyTensor, ...shapes: readonly (readonly number[])[]) => {
    const compiled = compile(f as (...xs: readonly AnyTensor[]) => AnyTensor)
    compiled(...shapes.map((shape) => random.normal(key(1), shape)))
    const total = show(compiled)
      .split('\n')
      .find((line) => line.includes(' call'))
    return Number(total?.split(/ +/).at(-1)?.replace(/,/g, ''))
  }
  t.equal(
    productsOf((a: Tensor, b: Tensor) => op.matmul(a, b), [5, 2, 3], [5, 3, 4]),
    5 * 2 * 3 * 4,
  )
  t.equal(
    productsOf((a: Tensor, b: Tensor) => op.matmul(op.transpose(a), b), [9, 3], [9, 4]),
    3 * 9 * 4,
  )
  t.equal(
    productsOf((a: Tensor) => op.tanh(a), [7]),
    0,
  )
  const along = (x: Tensor, W: Tensor, dy: Tensor) => {
    const f = (x: Tensor, W: Tensor) => op.conv2d(x as never, W as never, zeros([8]) as never, { groups: 2 }) as Tensor
    const [y, pull] = vjp((a: { readonly x: Tensor; readonly W: Tensor }) => f(a.x, a.W))({ x, W })
    return { y, d: pull(dy) } as unknown as AnyTensor
  }
  const once = 2 * 4 * 3 * 8 * (3 * 3 * 4) // batch, height, width and channels of the result, numbers in a kernel
  t.equal(productsOf(along, [2, 6, 5, 8], [8, 3, 3, 4], [2, 4, 3, 8]), 3 * once)
})

t.test('what has no program says why', async (t) => {
  const reading = compile((a: Tensor) => op.scale(a, item(op.sum(a) as never)))
  t.throws(() => show(reading), {
    name: 'StructureError',
    message: 'show: expected a function that runs from a program, got one that has not been called; call it once',
  })
  reading(fromNested([1, 2]) as Tensor)
  t.throws(
    () => show(reading),
    /got one that runs without, since it reads the numbers of a tensor; docs\/guide\/programs\.md tells what can be recorded/,
  )
})

t.test('the reason names the layer', async (t) => {
  const apply: typeof relu.apply = (params, state, context, a) => {
    item(op.sum(a as Tensor) as never)
    return relu.apply(params, state, context, a)
  }
  const reader = { ...relu, apply }
  const inside = compose(named('L1', linear(4, 3)), named('R', reader))
  const served = compile((input: Tensor<readonly [number, 4]>) => predict(inside, init(inside, key(0)), input as never))
  served(x)
  t.equal(served.reason, 'it reads the numbers of a tensor, at R')
})
