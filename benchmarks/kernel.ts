// Single kernels: products at the sizes of networks, elementwise functions, reductions, softmax.
import { type Float, key, op, random, type Tensor, toTypedArray } from 'pullback'
import { checkNear, checkTensor, toleranceOf } from './support/check.ts'
import { type Cells, columns } from './support/columns.ts'
import { number } from './support/options.ts'
import { digits } from './support/show.ts'
import { type Cases, type Medians, setUp } from './support/suite.ts'

const { given, eachEngine, suite } = setUp('bench:kernel', 'kernels by themselves', {
  patience: { initial: '500', about: 'milliseconds of one call from which on a case is left out' },
})
const patience = number('patience', given.patience)

type Matrix = Tensor<readonly [number, number]>

const short = { float32: 'f32', float64: 'f64' } as const
const matrix = (seed: number, rows: number, columns: number, dtype: Float): Matrix =>
  random.uniform(key(seed), [rows, columns], { min: -1, max: 1, dtype })

// ------------------------------------------------------------------ products

interface Product {
  readonly name: string
  readonly size: readonly [m: number, k: number, n: number]
  readonly a: Matrix
  readonly b: Matrix
}

const sizes = [
  ...[32, 64, 128, 256, 512, 1024].map((n) => [n, n, n] as const),
  [128, 784, 512],
  [32, 784, 128],
  [200, 100, 200],
  [256, 1024, 1024],
  [1, 784, 128],
  [200, 200, 1],
] as const

const product = (name: string, size: Product['size'], dtype: Float, [left, right] = [false, false]): Product => {
  const [m, k, n] = size
  return {
    name,
    size,
    a: left ? op.transpose(matrix(1, k, m, dtype)) : matrix(1, m, k, dtype),
    b: right ? op.transpose(matrix(2, n, k, dtype)) : matrix(2, k, n, dtype),
  }
}

const products = (dtype: Float): readonly Product[] => [
  ...sizes.map((size) => product(`${short[dtype]} ${size.join('×')}`, size, dtype)),
  ...[
    [true, false],
    [false, true],
    [true, true],
  ].map((turned) => {
    const [a, b] = [turned[0] ? 'Aᵀ' : 'A', turned[1] ? 'Bᵀ' : 'B']
    return product(`${short[dtype]} ${a}${b} 128`, [128, 128, 128], dtype, [turned[0] === true, turned[1] === true])
  }),
]

/** Checks some entries of a product against sums in float64. */
const checkProduct = ({ name, size: [m, k, n], a, b }: Product): void => {
  const [x, y, z] = [toTypedArray(a), toTypedArray(b), toTypedArray(op.matmul(a, b))]
  for (let probe = 0; probe < 32; probe++) {
    const [i, j] = [(probe * 7919) % m, (probe * 104729) % n]
    let sum = 0
    for (let l = 0; l < k; l++) sum += (x[i * k + l] as number) * (y[l * n + j] as number)
    checkNear(`${name} at [${i}, ${j}]`, z[i * n + j] as number, sum, toleranceOf(a.dtype) * Math.sqrt(k))
  }
}

// ------------------------------------------------------------------ the rest

const elementwise = (): Readonly<Record<string, () => Tensor>> => {
  const functions = {
    add: (x: Tensor, y: Tensor) => op.add(x, y),
    mul: (x: Tensor, y: Tensor) => op.mul(x, y),
    addScaled: (x: Tensor, y: Tensor) => op.addScaled(x, y, 0.5),
    relu: (x: Tensor) => op.relu(x),
    exp: (x: Tensor) => op.exp(x),
    tanh: (x: Tensor) => op.tanh(x),
    sigmoid: (x: Tensor) => op.sigmoid(x),
  }
  return Object.fromEntries(
    [1024, 65536, 1048576].flatMap((n) => {
      const [x, y] = [random.normal(key(1), [n]), random.normal(key(2), [n])] as readonly [Tensor, Tensor]
      return Object.entries(functions).map(([name, f]) => [`${name} ${n}`, () => f(x, y)])
    }),
  )
}

const rows = (): Readonly<Record<string, () => Tensor>> => {
  const x: Tensor = random.uniform(key(1), [1024, 1024])
  const scores = [10, 1000].map((classes): Tensor => random.normal(key(2), [128, classes]))
  return {
    'sum of all 1024×1024': () => op.sum(x) as Tensor,
    'sum over rows': () => op.sum(x, 1) as Tensor,
    'sum over columns': () => op.sum(x, 0) as Tensor,
    'max over rows': () => op.max(x, 1) as Tensor,
    ...Object.fromEntries(
      scores.flatMap((z) => [
        [`softmax ${z.shape.join('×')}`, () => op.softmax(z)],
        [`logSoftmax ${z.shape.join('×')}`, () => op.logSoftmax(z)],
        [`logSumExp ${z.shape.join('×')}`, () => op.logSumExp(z) as Tensor],
      ]),
    ),
  }
}

// ------------------------------------------------------------------ measuring

const bearable = (name: string, run: () => unknown): boolean => {
  run()
  const since = performance.now()
  run()
  const spent = performance.now() - since
  if (spent > patience) console.log(`${name} is left out: ${digits(spent)} ms a call`)
  return spent <= patience
}

const cases = (all: Readonly<Record<string, () => unknown>>): Cases =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([name, run]) => bearable(name, run))
      .map(([name, run]) => [
        name,
        () => {
          run()
        },
      ]),
  )

const found: Record<'products' | 'functions', Record<string, Cells>> = { products: {}, functions: {} }

const microseconds = (medians: Medians): Cells =>
  Object.fromEntries(Object.entries(medians).map(([name, us]) => [name, `${digits(us)} µs`]))

await eachEngine(async (engine) => {
  const all = [...products('float32'), ...products('float64')]
  const ofProducts = await suite(
    `products-${engine}`,
    cases(Object.fromEntries(all.map(({ name, a, b }) => [name, () => op.matmul(a, b)]))),
  )
  for (const p of all) if (p.name in ofProducts) checkProduct(p)
  found.products[engine] = Object.fromEntries(
    all.flatMap(({ name, size: [m, k, n] }) => {
      const us = ofProducts[name]
      return us === undefined ? [] : [[name, `${digits(us)} µs ${digits((2e-3 * m * k * n) / us).padStart(5)}`]]
    }),
  )
  const functions = { ...elementwise(), ...rows() }
  for (const [name, f] of Object.entries(functions)) checkTensor(name, f)
  found.functions[engine] = microseconds(await suite(`functions-${engine}`, cases(functions)))
})

console.log(`\n${columns('product, GFLOP/s', found.products)}`)
console.log(`\n${columns('float32', found.functions)}`)
