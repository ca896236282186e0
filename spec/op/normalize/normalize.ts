import {
  approxEqual,
  fromNested,
  gradCheck,
  op,
  random,
  show,
  type Tensor,
  toNested,
  useEngine,
  vjp,
  vmap,
} from 'pullback'
import t from 'tap'
import { untraced } from '../../../lib/diff/untraced.ts'
import type { Normalization } from '../../../lib/kernel/kernels.ts'
import { reference } from '../../../lib/kernel/reference/reference.ts'
import { wasm } from '../../../lib/kernel/wasm/wasm.ts'
import {
  moments,
  normalize,
  normalizeBy,
  normalizeComposite,
  pullbackComposite,
} from '../../../lib/op/normalize/normalize.ts'
import { layouts } from '../../arbitrary/tensor.ts'
import { closeTrees } from '../../law/diff.ts'

const options: readonly Normalization[] = [
  { blocks: 4, groups: 1, centered: true, epsilon: 1e-5 },
  { blocks: 4, groups: 1, centered: false, epsilon: 1e-5 },
  { blocks: 1, groups: 6, centered: true, epsilon: 1e-5 },
  { blocks: 2, groups: 3, centered: true, epsilon: 1e-5 },
]
const draw = (name: string, shape: readonly number[]): Tensor =>
  random.normal(random.foldIn(random.key(1), name), shape, 'float64') as Tensor
const normalized = (x: Tensor, scale: Tensor, shift: Tensor, o: Normalization): Tensor =>
  normalize(x, scale, shift, ...moments(untraced(x), o), o)
const [x, d, scale, shift] = [draw('x', [4, 6]), draw('d', [4, 6]), draw('scale', [6]), draw('shift', [6])]

const stacked = (xs: readonly Tensor[]): Tensor =>
  op.concat(xs.map((y) => op.reshape(y, [1, ...y.shape]) as Tensor)) as Tensor

const vmapped = (x: Tensor, f: (x: Tensor) => Tensor): Tensor =>
  op.reshape(vmap(f)(op.reshape(x, [1, ...x.shape]) as never) as Tensor, x.shape) as Tensor

for (const o of options)
  t.test(`${o.blocks} blocks, ${o.groups} groups${o.centered ? '' : ', not centered'}`, async (t) => {
    for (const [name, y] of layouts(x)) {
      const [value, back] = normalize.pull(y, scale, shift, ...moments(y, o), o)
      t.ok(approxEqual(value, normalizeComposite(x, scale, shift, o), { relative: 1e-13 }), `${name}: value`)
      const found = back(d)
        .slice(0, 3)
        .map((c) => c?.() as Tensor)
      t.ok(closeTrees(found, pullbackComposite(d, x, scale, o), 1e-13), `${name}: the kernel computes the composite`)
    }
    const report = gradCheck(
      ({ x, scale, shift }: { readonly x: Tensor; readonly scale: Tensor; readonly shift: Tensor }) =>
        normalized(x, scale, shift, o),
      { x, scale, shift },
    )
    t.ok(report.pass && report.notes.length === 0, show(report))
    const [, inferred] = vjp((x: Tensor) => normalizeComposite(x, scale, shift, o))(x)
    t.ok(closeTrees(inferred(d), pullbackComposite(d, x, scale, o)[0], 1e-13), 'closed form = inferred')
    const many = draw('many', [2, 4, 6])
    const each = (i: number): Tensor => normalized(op.slice(many, [i]) as Tensor, scale, shift, o)
    t.ok(
      closeTrees(
        vmap((x: Tensor) => normalized(x, scale, shift, o))(many as never) as Tensor,
        stacked([each(0), each(1)]),
      ),
    )
  })

t.test('by given moments', async (t) => {
  const o = { blocks: 1, groups: 6, centered: true, epsilon: 1e-5 }
  const [mean, variance] = [draw('mean', [6]), op.mul(draw('v', [6]), draw('v', [6]))]
  type At = { readonly x: Tensor; readonly scale: Tensor; readonly shift: Tensor }
  const f = ({ x, scale, shift }: At) => normalizeBy(x, scale, shift, mean, variance, o)
  const report = gradCheck(f, { x, scale, shift })
  t.ok(report.pass && report.notes.length === 0, show(report))
  t.ok(
    closeTrees(
      f({ x, scale, shift }),
      vmapped(x, (x) => f({ x, scale, shift })),
    ),
  )
})

t.test('the variance of numbers about 10,000 in float32', async (t) => {
  const far = op.shift(random.normal(random.key(3), [1000, 6]), 1e4) as Tensor
  const exact = op.cast(far, 'float64') as Tensor
  for (const engine of [wasm(), reference]) {
    const before = useEngine(engine)
    for (const o of options.filter((o) => o.centered)) {
      const [, variance] = moments(far, o)
      t.ok(
        closeTrees(op.cast(variance, 'float64'), moments(exact, o)[1], 1e-6),
        `${engine.name}, ${o.blocks} blocks, ${o.groups} groups`,
      )
    }
    useEngine(before)
  }
})

t.test('by hand', async (t) => {
  const o = { blocks: 1, groups: 1, centered: true, epsilon: 0 }
  const at = fromNested([[1, 2, 3, 6]], 'float64') as Tensor
  t.same(
    moments(at, o).map((v) => toNested(v as never)),
    [[3], [3.5]],
  )
})
