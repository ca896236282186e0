// Named tensors and the variables of a layer: what is found how, what is said where something does not fit, and back.
import {
  type AnyLayer,
  type AnyTensor,
  batchNorm,
  cast,
  compose,
  conv2d,
  define,
  eqTensor,
  eqTree,
  evaluated,
  flatten,
  freeze,
  fromArray,
  globalAvgPool2d,
  groupNorm,
  init,
  input,
  key,
  layer,
  linear,
  named,
  ones,
  op,
  prelu,
  random,
  relu,
  repeat,
  reshape,
  residual,
  type Tree,
  tie,
  toArray,
  zeros,
} from 'pullback'
import { fromStateDict, type NameMap, showAssigned, toStateDict } from 'pullback/interop'
import t from 'tap'
import { networks } from '../arbitrary/network.ts'
import { numbersFor } from '../law/network.ts'
import { check } from '../support/property.ts'

type Record = { readonly [name: string]: AnyTensor }
const numbered = (...shape: number[]): AnyTensor =>
  random.normal(key(shape.length + shape.reduce((a, b) => a + b, 0)), shape)
const lin = (name: string, inputs: number, outputs: number): Record => ({
  [`${name}.weight`]: numbered(outputs, inputs),
  [`${name}.bias`]: numbered(outputs),
})
const issuesOf = (layer: AnyLayer, tensors: Record, map?: NameMap, options?: object): readonly string[] => {
  const found = fromStateDict(layer, tensors, map, options)
  return found._tag === 'Right' ? [] : found.left.map(({ _tag, path, message }) => `${_tag} ${path}: ${message}`)
}
const sources = (layer: AnyLayer, tensors: Record, map?: NameMap): { readonly [path: string]: string } => {
  const found = fromStateDict(layer, tensors, map)
  return found._tag === 'Left'
    ? {}
    : Object.fromEntries(found.right.assigned.map((a) => [a.path, `${a.name} by ${a.by}`]))
}

const two = compose(named('a', linear(3, 4)), relu, named('b', linear(4, 2)))

t.test('modules are found by a map, by name, by the end of a name, by shapes', async (t) => {
  t.same(sources(two, { ...lin('b', 4, 2), ...lin('a', 3, 4) })['params.b.W'], 'b.weight by name')
  t.same(sources(two, { ...lin('module.b', 4, 2), ...lin('module.a', 3, 4) })['params.a.b'], 'module.a.bias by ending')
  t.same(sources(two, { ...lin('0', 3, 4), ...lin('2', 4, 2) })['params.b.b'], '2.bias by shape')
  const strange = { ...lin('net.x', 3, 4), w: numbered(2, 4), 'b.bias': numbered(2) }
  t.same(sources(two, strange, { a: 'net.x', 'b.weight': 'w' }), {
    'params.a.W': 'net.x.weight by map',
    'params.a.b': 'net.x.bias by map',
    'params.b.W': 'w by map',
    'params.b.b': 'b.bias by name',
  })
  t.same(
    sources(two, { ...lin('A', 3, 4), ...lin('B', 4, 2) }, (name) =>
      name.toUpperCase().replace(/WEIGHT|BIAS/, (x) => x.toLowerCase()),
    )['params.a.W'],
    'A.weight by map',
  )
})

t.test('modules of the same shapes go in the order of their numbers, and of nothing else', async (t) => {
  const tower = repeat(3, compose(linear(2, 2), relu))
  const numbers = { ...lin('layers.10', 2, 2), ...lin('layers.9', 2, 2), ...lin('layers.2', 2, 2) }
  t.same(
    Object.values(sources(tower, numbers)).filter((s) => s.includes('weight')),
    ['layers.2.weight by shape', 'layers.9.weight by shape', 'layers.10.weight by shape'],
  )
  t.same(
    sources(repeat(2, linear(2, 2)), { ...lin('net.0', 2, 2), ...lin('net.1', 2, 2) })['params.1.W'],
    'net.1.weight by ending',
  )
  const words = { ...lin('query', 2, 2), ...lin('key', 2, 2), ...lin('value', 2, 2) }
  const [first] = issuesOf(tower, words)
  t.match(
    first,
    /^Missing params\.0\.W: expected '0\.weight' \[2, 2\], got nothing: 'query', 'key', 'value' fit; say in a map which$/,
  )
  const map = { '0': 'query', '1': 'key', '2': 'value' }
  t.same(issuesOf(tower, words, map), [])
  t.ok(issuesOf(tower, { ...numbers, ...lin('layers.11', 2, 2) }).some((issue) => issue.includes("'layers.11'")))
})

t.test('what is missing, left over, misshapen or of another format is told, all of it', async (t) => {
  const half = { ...lin('a', 3, 4), 'b.weight': numbered(4, 2), 'c.weight': numbered(1) }
  t.same(issuesOf(two, half), [
    "WrongShape params.b.W: expected 'b.weight' [2, 4], got [4, 2]",
    "Missing params.b.b: expected 'b.bias' [2], got nothing; zeros are taken",
    'Extra c.weight: expected nothing, got [1]',
  ])
  t.equal(fromStateDict(two, half)._tag, 'Left')
  t.equal(fromStateDict(two, {})._tag, 'Left')
  const variables = init(two, key(0))
  const kept = fromStateDict(two, lin('a', 3, 4), undefined, { variables })
  t.match(kept, { _tag: 'Both', left: [{ path: 'params.b.W' }, { path: 'params.b.b' }] })
  t.ok(kept._tag === 'Both' && eqTree.equals(kept.right.params.b, variables.params.b), 'a new head keeps its numbers')
  t.match(
    issuesOf(two, { ...lin('a', 3, 4), 'b.weight': zeros([2, 4], 'int32'), 'b.bias': cast(zeros([2]), 'float64') }),
    [
      /^WrongFormat params\.b\.W: expected 'b\.weight' in float32, got int32: convert it with cast$/,
      /^WrongFormat params\.b\.b: .* got float64/,
    ],
  )
  const double = Object.fromEntries(
    Object.entries(toStateDict(two, variables)).map(([n, x]) => [n, cast(x as never, 'float64')]),
  )
  const wide = fromStateDict(two, double)
  t.equal(wide._tag === 'Right' && wide.right.params.a.W.dtype, 'float64')
})

t.test('mistakes of a program are thrown', async (t) => {
  t.throws(() => fromStateDict(two, lin('a', 3, 4), { c: 'x' }), {
    message: /names of the layer in the map, of a\.weight, .*, got 'c'/,
  })
  t.throws(() => fromStateDict(two, {}, { a: 3 } as never), { message: /a record or a function of names/ })
  t.throws(() => fromStateDict(two, {}, (() => 3) as never), { message: /a name for 'a\.weight', or undefined, got 3/ })
  t.throws(() => fromStateDict(two, { 'a.weight': [1] } as never), {
    message: /fromStateDict at a\.weight: expected a tensor/,
  })
  t.throws(() => fromStateDict(two, zeros([2]) as never), { message: /a record of tensors by their names/ })
  t.throws(() => fromStateDict(two, {}, {}, { variables: { params: {}, state: {} } } as never), {
    message: /none with the name a/,
  })
  t.throws(() => fromStateDict(two, {}, {}, { flattened: { c: 2 } }), {
    message: /channels by the names of layers, got 'c'/,
  })
  t.throws(() => fromStateDict(two, {}, {}, { flattened: { b: 3 } }), {
    message: /channels that divide the 4 inputs of 'b', got 3/,
  })
  t.throws(() => fromStateDict(two, {}, {}, { strict: true } as never), { message: /'strict'/ })
  t.throws(() => fromStateDict(linear as never, {}), { message: /expected a layer/ })
  const twins = compose(linear(2, 2), prelu())
  t.throws(() => toStateDict(twins, init(twins, key(0))), { message: /each name once, got 'weight' twice; wrap/ })
  t.throws(() => toStateDict(two, { params: {}, state: {} } as never), { message: /none with the name a/ })
})

t.test('names that objects have, and none at all', async (t) => {
  const net = compose(named('__proto__', linear(1, 2)), named('constructor', linear(2, 1)))
  const file = toStateDict(net, init(net, key(0)))
  t.same(Object.keys(file), ['__proto__.weight', '__proto__.bias', 'constructor.weight', 'constructor.bias'])
  t.same(issuesOf(net, file), [])
  t.same(issuesOf(relu, {}), [])
  t.match(issuesOf(relu, JSON.parse('{"__proto__": 0}') && Object.fromEntries([['__proto__', zeros([1])]])), [
    /^Extra __proto__/,
  ])
  t.same(Object.keys(toStateDict(linear(1, 1), init(linear(1, 1), key(0)))), ['weight', 'bias'])
})

t.test('what is frozen, tied, evaluated or within others has its place', async (t) => {
  const net = compose(
    named('enc', compose(named('c', linear(4, 4)), named('bn', batchNorm(4)))),
    named('d', linear(4, 4)),
  )
  const file = toStateDict(net, init(net, key(0)))
  const frozen = freeze(net, 'enc', 'd.W')
  const found = fromStateDict(frozen, file)
  t.ok(found._tag === 'Right' && eqTensor.equals(found.right.state.frozen.enc.c.W, file['enc.c.weight'] as AnyTensor))
  t.same(Object.keys(toStateDict(frozen, init(frozen, key(0)))), Object.keys(file))
  const tied = tie(net, 'enc.c.W', 'd.W')
  const both = toStateDict(tied, init(tied, key(0)))
  t.equal(both['d.weight'], both['enc.c.weight'])
  t.same(issuesOf(tied, both), [])
  const { 'd.weight': _, ...once } = both
  t.same(issuesOf(tied, once), [], 'one name is enough')
  t.match(issuesOf(tied, file), [/^Differs params\.enc\.c\.W: expected 'd\.weight' to equal what it is tied to/])
  t.same(issuesOf(evaluated(residual(net)), file), [])
})

t.test('layers of ones own have the names that they have here', async (t) => {
  const draw = (_: unknown, shape: readonly number[]) => ones(shape) as never
  const gain = layer({
    kind: 'gain',
    input: [2],
    params: { g: { shape: [2], draw }, deep: { h: { shape: [2], draw } } },
    forward: ({ g, deep }, x) => op.mul(x, op.broadcast(op.add(g, deep.h), x.shape)),
  })
  const net = named('top', gain)
  t.same(Object.keys(toStateDict(net, init(net, key(0)))), ['top.g', 'top.deep.h'])
  t.same(issuesOf(net, { 'top.g': zeros([2]), 'top.deep.h': zeros([2]) }), [])
  const imitation = layer({
    kind: 'linear',
    input: [2],
    params: { W: { shape: [2], draw } },
    forward: ({ W }, x) => op.mul(x, op.broadcast(W, x.shape)),
  })
  t.same(Object.keys(toStateDict(imitation, init(imitation, key(0)))), ['W'])
})

const image = [2, 2, 3] as const
const conv = named('c', conv2d(3, 3, { kernel: 1 }))
/** 0 to 11 as [channels, height, width], in the order that height, width, channels have. */
const turnedColumns = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
const columnsOf = (layer: AnyLayer, options?: object): readonly number[] => {
  const variables = init(layer, key(0))
  const file = {
    ...toStateDict(layer, variables, undefined, options),
    'fc.weight': fromArray([...turnedColumns.keys()], [1, 12]),
  }
  const found = fromStateDict(layer, file, undefined, options) as unknown as {
    readonly right: { readonly params: { readonly fc: { readonly W: AnyTensor } } }
  }
  return toArray(found.right.params.fc.W)
}

t.test('the columns behind a flatten are turned wherever the network tells', async (t) => {
  const fc = named('fc', linear(12, 1))
  const plain = [...turnedColumns.keys()]
  t.same(columnsOf(compose(input(image), conv, flatten, fc)), turnedColumns)
  t.same(columnsOf(compose(input(image), conv, reshape([12]), relu, fc)), turnedColumns)
  t.same(
    columnsOf(define(image, { c: conv, flatten, fc: linear(12, 1) }, (x, l) => l.fc(l.flatten(l.c(x))))),
    turnedColumns,
  )
  t.same(columnsOf(compose(input(image), flatten, fc)), plain, 'what is no image is not turned')
  t.same(columnsOf(compose(input([12]), fc, named('e', linear(1, 1)))), plain)
  const pooled = compose(input(image), named('c', conv2d(3, 12, { kernel: 1 })), globalAvgPool2d, fc)
  t.same(columnsOf(pooled), plain, 'nor is one pixel')
})

t.test('where the network does not tell, it is said, and an option says it', async (t) => {
  const unknown = compose(conv, flatten, named('fc', linear(12, 1))) as AnyLayer
  const hidden = define(image, { c: conv, fc: linear(12, 1) }, (x, l) =>
    l.fc(op.reshape(l.c(x), [-1, 12]) as never),
  ) as unknown as AnyLayer
  for (const net of [unknown, hidden]) {
    const flattened = { fc: 3 }
    const file = toStateDict(net, init(net, key(0)), undefined, { flattened })
    t.match(issuesOf(net, file), [
      /^Order params\.fc\.W: cannot tell .* flattened: { 'fc': channels }, 1 if it does not$/,
    ])
    t.same(issuesOf(net, file, undefined, { flattened }), [])
    t.same(columnsOf(net, { flattened }), turnedColumns)
    t.same(columnsOf(net, { flattened: { fc: 1 } }), [...turnedColumns.keys()])
    t.throws(() => toStateDict(net, init(net, key(0))), { message: /whether 'fc' takes an image flattened/ })
  }
  const grouped = compose(input(image), conv, flatten, named('fc', groupNorm(2, 12))) as AnyLayer
  t.match(issuesOf(grouped, toStateDict(grouped, init(grouped, key(0)), undefined, { flattened: { fc: 1 } })), [
    /^Order/,
  ])
})

t.test('the table of what was taken for what', async (t) => {
  const found = fromStateDict(two, { ...lin('0', 3, 4), ...lin('2', 4, 2) })
  t.equal(
    found._tag === 'Right' && showAssigned(found.right).split('\n').at(-1),
    'params.b.b  [2]     2.bias    [2]        shape',
  )
})

t.test('random networks come back from their tensors', async (t) => {
  check(
    networks(),
    (net) => {
      const layer = named('net', net.layer as never) as AnyLayer
      const { params, state } = numbersFor(net)
      const under = (record: object) => (Object.keys(record).length === 0 ? {} : { net: record as Tree })
      const variables = { params: under(params as object), state: under(state as object) }
      const found = fromStateDict(layer, toStateDict(layer, variables))
      return (
        found._tag === 'Right' &&
        eqTree.equals(found.right.params, variables.params) &&
        eqTree.equals(found.right.state, variables.state)
      )
    },
    60,
  )
  t.pass()
})
