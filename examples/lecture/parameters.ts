// Parameter management: parameters are declared by the layers and collected by their names, however deep. The lecture
// does it for one level, and raises NotImplementedError for modules within modules.
import { apply, compose, count, init, key, leastSquares, linear, named, ones, op, relu, summary, tree } from 'pullback'
import { difference } from '../support/compare.ts'
import { draws } from '../support/draws.ts'
import { options, seed, size } from '../support/options.ts'

const given = options('parameters', 'the parameters of modules within modules', {
  dim: size(100, 'numbers in an example'),
  hidden: size(50, 'hidden units'),
  code: size(20, 'numbers that the encoder gives'),
  seed,
})
const encoder = compose(
  named('L1', linear(given.dim, given.hidden)),
  relu,
  named('L2', linear(given.hidden, given.code)),
)
const net = compose(named('encoder', encoder), relu, named('head', linear(given.code, 1)))
console.log(summary(net))

const { params } = init(net, key(given.seed), { dtype: 'float64' })
const { normal } = draws(given.seed)
const step = apply(net, { params, state: {} }, { mode: 'eval' }, normal('x', [4, given.dim]))
const [, back] = leastSquares(normal('y', [4, 1]))(step.value)
const gradient = step.pullback(back(ones([], 'float64'))).params()

// The lecture's collect_params: parameters and gradients by dotted names.
const gradients = new Map(Object.entries(tree.flatten(gradient)))
console.log('\nparams, grads')
for (const [name, t] of Object.entries(tree.flatten(params)))
  console.log(`${name} [${t.shape.join(', ')}] [${gradients.get(name)?.shape.join(', ')}]`)
console.log(`${tree.reduce(params, 0, (n, t) => n + t.size)} numbers, count says ${count(net)}`)

// A name is a way in, for reading and for a change; the record itself stays as it was.
const bias = tree.at<typeof params>()('encoder.L1.b')
const larger = tree.modify(bias, (b) => op.shift(b, 1))(params)
const [before, after] = [bias.get(params), bias.get(larger)].map((b) => op.mean(b).get().toFixed(4))
console.log(`\nmean of encoder.L1.b ${before}, in the changed record ${after}`)
console.log('encoder.L2 shared by both:', larger.encoder.L2 === params.encoder.L2)

// Another module: its parameters come by themselves, and all others begin as before, since each is drawn from its name.
const deeper = compose(
  named('encoder', encoder),
  relu,
  named('extra', linear(given.code, given.code)),
  relu,
  named('head', linear(given.code, 1)),
)
const { extra, ...others } = init(deeper, key(given.seed), { dtype: 'float64' }).params
console.log(`\none more module: extra.W [${extra.W.shape.join(', ')}], extra.b [${extra.b.shape.join(', ')}]`)
console.log('change in the first values of the others', difference(others, params))

// Flat records with dotted names are what files hold; the way back is as exact.
const again = tree.unflatten(tree.flatten(params))
console.log('change by flatten and unflatten', difference(again, params))
