// Plain slips, as JavaScript lets them through: the error says what to do instead.
import * as pullback from 'pullback'
import { init, initializer, key, linear, named, op, random, StructureError, tanh, zeros } from 'pullback'
import t from 'tap'

const js = pullback as unknown as { readonly [name: string]: (...args: readonly unknown[]) => unknown }
const call =
  (name: string, ...args: readonly unknown[]) =>
  (): unknown =>
    (js[name] as (...args: readonly unknown[]) => unknown)(...args)
const net = pullback.compose(named('a', linear(4, 3)), tanh)
const variables = init(net, key(0))
const x = random.normal(key(1), [2, 4])
const { params } = variables

t.test('what is no layer', async (t) => {
  t.throws(call('compose', linear(4, 3), undefined), {
    message:
      'compose: expected layers, got undefined as number 2 of 2; see whether it is exported under this name, and made before it is used',
  })
  t.throws(call('compose', linear(4, 3), Math.tanh), /a function as number 2 of 2; .* elementwise\(f, derivative\)/)
  t.throws(call('compose', linear(4, 3), pullback.leakyRelu), /call it if it makes a layer, as in leakyRelu\(\)/)
  t.throws(call('compose', linear(4, 3), op.tanh), /elementwise\(f\) makes a layer of an operation f/)
  t.throws(
    call('compose', [linear(4, 3), tanh]),
    /compose: expected layers, got an array; .*stack\(list\).*compose\(\.\.\.list\)/,
  )
  t.throws(call('compose', { a: tanh, b: tanh }), /got the names a, b; fanout\(record\) gives one input to all/)
  t.throws(
    call('predict', variables, net, x),
    /apply: expected a layer, got the names params, state; the layer comes first/,
  )
  for (const given of [
    undefined,
    null,
    3,
    'relu',
    Math.tanh,
    [tanh],
    { a: tanh },
    zeros([2]),
    {},
    Promise.resolve(tanh),
  ]) {
    const makers: readonly (readonly [string, ...unknown[]])[] = [
      ['compose', given],
      ['named', 'a', given],
      ['fanout', { a: given }],
      ['each', { a: given }],
      ['define', [4], { a: given }, (v: unknown) => v],
      ['residual', given],
      ['repeat', 2, given],
      ['stack', [given]],
      ['contramap', [4], (v: unknown) => v, given],
      ['columns', given],
      ['freeze', given, 'a'],
      ['thaw', given],
      ['tie', given, 'a', 'b'],
      ['evaluated', given],
      ['checkpointed', given],
      ['init', given, key(0)],
      ['initWith', given, key(0), {}],
      ['apply', given, variables, { mode: 'eval' }, x],
      ['predict', given, variables, x],
      ['count', given],
      ['summary', given],
      ['explain', given, variables, x],
    ]
    for (const [name, ...args] of makers)
      t.throws(
        call(name, ...args),
        StructureError,
        `${name} of ${typeof given === 'object' ? JSON.stringify(given) : given}`,
      )
  }
})

t.test('two layers named alike, two parameters of one name', async (t) => {
  const [a, b] = [named('a', linear(3, 3)), named('a', linear(3, 3))]
  t.throws(
    call('compose', a, b),
    /compose: expected each name once, got 'a' twice; give one of the two layers another name/,
  )
  t.throws(call('compose', linear(3, 3), linear(3, 3)), /'W' twice; wrap one of the two layers in named\(…\)/)
  const frozen = [pullback.freeze(named('a', linear(3, 3)), 'a.W'), pullback.freeze(named('b', linear(3, 3)), 'b.W')]
  t.throws(call('compose', ...frozen), /'frozen' twice; wrap one of the two layers in named\(…\)/)
})

t.test('arguments in another order, or of another kind', async (t) => {
  t.throws(
    call('named', linear(3, 2), 'a'),
    /named: expected a name, got a layer, linear; the name comes first: named\('L1', layer\)/,
  )
  t.throws(
    call('repeat', tanh, 3),
    /repeat: expected a whole number .* got a layer, tanh; the number comes first: repeat\(3, layer\)/,
  )
  t.throws(call('stack', tanh, tanh), /stack: expected a list of layers, got a layer, tanh; give it as stack\(\[…\]\)/)
  t.throws(
    call('fanout', tanh, tanh),
    /fanout: expected a record of layers, got a layer, tanh; .* fanout\({ a: …, b: … }\)/,
  )
  t.throws(call('fanout', [tanh, tanh]), /fanout: expected a record of layers, got an array/)
  t.throws(call('each', {}), /each: expected a record of layers, got one with no names/)
  t.throws(
    call('define', [4], tanh, () => x),
    /define: expected a record of layers, got a layer, tanh; .* define\(input, {/,
  )
  t.throws(call('define', [4], { tanh }), /define: expected a function of a minibatch and the layers, got undefined/)
  t.throws(
    call('define', 4, { tanh }, () => x),
    /define: expected the sizes .* got 4; give the sizes as a list: \[4\]/,
  )
  t.throws(call('contramap', tanh, tanh, [3]), StructureError)
  for (const port of [3, undefined, null, 'a', {}, [2.5], ['3'], [-2], { a: 3 }, zeros([2]), Math.tanh])
    t.throws(
      call('input', port),
      /input.*: expected the sizes of one example, as in \[28, 28, 1\], or a record of such/,
    )
  t.throws(
    call('freeze', net, ['a']),
    /freeze: expected dotted names, as in 'L1.W', got an array; give the names one by one/,
  )
  t.throws(call('freeze', params, 'a'), /freeze: expected a layer, or variables { params, state }, got the names a/)
  t.throws(call('tie', net, 'a.W'), /tie: expected two names or more, got 'a.W' alone/)
  t.throws(call('tie', net), /tie: expected dotted names/)
  t.throws(call('split', [1, 2]), /split: expected sizes by name, as in { a: 2, b: 3 }, got an array/)
})

t.test('parts of a minibatch with different numbers of examples', async (t) => {
  const layer = pullback.define({ a: [4], b: { c: [3], d: [3] } }, { f: linear(4, 3) }, ({ a, b }, { f }) =>
    op.add(f(a), op.mul(b.c, b.d)),
  )
  const given = (a: number, c: number, d: number) => ({ a: zeros([a, 4]), b: { c: zeros([c, 3]), d: zeros([d, 3]) } })
  const of = (...counts: [number, number, number]) => call('predict', layer, init(layer, key(0)), given(...counts))
  t.throws(of(2, 5, 5), /define at b: expected 2 examples, as 'a' has, got 5 \[batch-mismatch\]/)
  t.throws(of(2, 2, 5), /define at b\.d: expected 2 examples, as 'c' has, got \[5, 3\] \[batch-mismatch\]/)
  t.doesNotThrow(of(2, 2, 2))
})

t.test('variables, contexts and keys', async (t) => {
  const whole = /compose: expected variables { params, state }, got .*; give all that init or start has made/
  t.throws(call('predict', net, params, x), whole)
  t.throws(call('predict', net, undefined, x), whole)
  t.throws(call('explain', net, params, x), whole)
  t.throws(call('apply', net, variables, 'train', x), /apply: expected a context { mode: 'eval' } or .* got 'train'/)
  t.throws(call('apply', net, variables, undefined, x), /apply: expected a context .* got undefined/)
  t.throws(call('apply', net, variables, x), /apply: expected a context .* got a tensor \[2, 4\]/)
  t.throws(call('init', net, 5), /init: expected a key of two words .* got 5; key\(5\) makes one/)
  t.throws(call('init', tanh), /init: expected a key of two words .* got undefined; key\(seed\) makes one/)
  t.throws(call('init', net, key(0), 'float64'), /init: expected a record of options among dtype, got 'float64'/)
  t.throws(call('init', net, key(0), { dtype: 'int32' }), /init: expected float32 or float64, got 'int32'/)
  t.throws(call('initWith', net, key(0)), /initWith: expected initializers by path, as in { 'L1.W': heNormal }/)
  t.throws(
    call('initWith', net, key(0), {}, { dtype: 'float16' }),
    /initWith: expected float32 or float64, got 'float16'/,
  )
  t.throws(
    call('initWith', net, key(0), initializer.heNormal),
    /initWith: expected a function of a path .* got an initializer; \(\) => heNormal/,
  )
  const flat = pullback.compose(pullback.input([6]), pullback.reshape([4 as number]))
  t.throws(call('init', flat, key(0)), /reshape: expected an example of 4 entries, as \[4\] has, got \[6\]/)
})

t.test('a layer of one’s own', async (t) => {
  const own = (other: object) =>
    call('layer', { kind: 'own', input: [3], params: {}, forward: (_: unknown, v: unknown) => v, ...other })
  t.throws(own({ inputs: [3] }), /layer: expected options among kind, input, params, forward, got 'inputs'/)
  t.throws(call('layer'), /layer: expected a record of options among kind, input, params, forward, got undefined/)
  t.throws(own({ kind: undefined }), /layer: expected a kind, which is a text, got undefined/)
  t.throws(
    own({ forward: undefined }),
    /own: expected forward, a function of parameters and a minibatch, got undefined/,
  )
  t.throws(own({ input: 3 }), /own: expected the sizes of one example/)
  for (const W of [{ shape: [3] }, { draw: initializer.heNormal }, zeros([3]), initializer.heNormal, 3])
    t.throws(own({ params: { W } }), /own at W: expected parameters { shape, draw } by name/)
  t.throws(
    own({ params: { W: { shape: [3], draw: initializer.heNormal, init: 0 } } }),
    /own at W: expected options among shape, draw/,
  )
  t.throws(
    own({ params: { W: { shape: [-3], draw: initializer.heNormal } } }),
    /own at W: expected whole sizes that are not negative, got \[-3\]/,
  )
})
