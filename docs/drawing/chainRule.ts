// What dL/dW costs: the products of the tensor chain rule, which builds dz/dW, and those of the pullback.
import { chart } from 'pullback/chart'

export const chainRule = (): string => {
  const dims = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
  const line = (name: string, products: (d: number) => number) => ({
    name,
    points: dims.map((d) => [Math.log10(d), products(d)] as const),
  })
  return chart(
    [
      {
        title: 'products for one dL/dW',
        x: { label: 'logarithm of the dimension, to base 10' },
        y: { label: 'products', log: true },
        series: [line('build dz/dW and contract it, 2 d³', (d) => 2 * d ** 3), line('pullback, d²', (d) => d ** 2)],
      },
    ],
    { title: 'What the tensor chain rule costs, and the pullback' },
  )
}
