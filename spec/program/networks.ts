// Compiled steps of random networks give the bits of plain ones. NETWORKS=1000 tries as many; the suite tries fewer.
import fc from 'fast-check'
import { adam, key, leastSquares, linear, named, random, sgd, start, trainStep } from 'pullback'
import t from 'tap'
import { compose } from '../arbitrary/loose.ts'
import { networks } from '../arbitrary/network.ts'
import { failures, lawsOfStep, type Step } from '../law/program.ts'
import { engines, on } from '../support/engines.ts'
import { check } from '../support/property.ts'

const count = Number(process.env.NETWORKS ?? 45)
const cases = fc.tuple(networks(), fc.integer({ min: 3, max: 5 }), fc.constantFrom('float32', 'float64'))

/** Layers that read numbers: their steps run without a program, unless they are repeated 0 times. */
const reads = /counter|Math\.sin/

for (const engine of engines)
  t.test(engine.name, async () =>
    on(engine, () =>
      check(
        cases,
        ([{ layer, input, output, source }, size, dtype]) => {
          const net = compose(named('first', linear(input, input)), named('rest', layer as never)) as never
          const optimizer = (size === 3 ? adam(0.01) : sgd(0.01, { momentum: 0.9 })) as never
          const step = trainStep(net, leastSquares, optimizer, { guard: 'none' }) as unknown as Step
          const data = Array.from({ length: 7 }, (_, i) => {
            const n = i % 3 === 2 ? size - 1 : size
            return {
              input: random.normal(key(i), [n, input], dtype),
              target: random.normal(key(i + 9), [n, output], dtype),
            }
          })
          const begin = start(net, optimizer, key(3), { dtype })
          const failed = failures((t) => {
            const { reason } = lawsOfStep(t, 'a step', step, begin, data, [3])
            t.ok(reason === undefined || (reads.test(source) && /reads the numbers/.test(reason)), `${reason}`)
          })
          if (failed.length > 0) throw new Error(failed.join('; '))
          return true
        },
        engine.name === 'wasm' ? count : Math.ceil(count / 3),
      ),
    ),
  )
