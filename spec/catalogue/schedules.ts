// Every schedule: its values, by golden ones, and what it refuses. The suite does the rest. Golden values are the rates of the first
// steps that PyTorch 1.13 gives, but for `linearWarmup` and `join`, worked by hand.
import { type Schedule, schedule, zeros } from 'pullback'
import t from 'tap'

interface Entry {
  readonly golden: readonly (readonly [Schedule, readonly number[]])[]
  readonly refused: readonly (readonly [make: () => unknown, message: RegExp])[]
}
const steps = (make: (steps: number) => unknown, op: string): Entry['refused'] => [
  [() => make(0), new RegExp(`^${op}: expected \\w+ that is a whole number from 1, got 0 \\[out-of-range\\]$`)],
  [() => make(2.5), new RegExp(`^${op}: expected \\w+ that is a whole number from 1, got 2.5 \\[out-of-range\\]$`)],
]
const rate = (make: (rate: number) => unknown, op: string): Entry['refused'] => [
  [() => make(-1), new RegExp(`^${op}: expected rate that is finite and not negative, got -1 \\[out-of-range\\]$`)],
  [
    () => make(Number.NaN),
    new RegExp(`^${op}: expected rate that is finite and not negative, got NaN \\[out-of-range\\]$`),
  ],
]

const table: Readonly<Record<string, Entry>> = {
  constant: { golden: [[schedule.constant(0.5), [0.5, 0.5, 0.5]]], refused: rate(schedule.constant, 'constant') },
  step: {
    golden: [[schedule.step(1, { every: 3, factor: 0.5 }), [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]]],
    refused: steps((every) => schedule.step(1, { every }), 'step'),
  },
  multiStep: {
    golden: [[schedule.multiStep(1, { at: [2, 5] }), [1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01, 0.01]]],
    refused: [
      [
        () => schedule.multiStep(1, { at: [30, 10] }),
        /^multiStep: expected steps in order, whole numbers .*, got 30, 10 \[out-of-range\]$/,
      ],
      [() => schedule.multiStep(1, { at: [0] }), /got 0 \[out-of-range\]$/],
      [() => schedule.multiStep(1, { at: [1.5] }), /got 1.5 \[out-of-range\]$/],
      [() => schedule.multiStep(1, { at: [2, 2] }), /got 2, 2 \[out-of-range\]$/],
    ],
  },
  exponential: {
    golden: [
      [
        schedule.exponential(1, 0.9),
        [1, 0.9, 0.81, 0.729, 0.6561, 0.59049, 0.531441, 0.4782969, 0.43046721, 0.387420489],
      ],
    ],
    refused: [
      ...rate((r) => schedule.exponential(r, 0.9), 'exponential'),
      [
        () => schedule.exponential(1, -1),
        /^exponential: expected factor that is finite and not negative, got -1 \[out-of-range\]$/,
      ],
    ],
  },
  polynomial: {
    golden: [
      [
        schedule.polynomial(1, { steps: 6, power: 2 }),
        [1, 0.694444444444445, 0.444444444444445, 0.25, 0.111111111111111, 0.0277777777777778, 0, 0, 0, 0],
      ],
      [schedule.polynomial(3, { steps: 2, end: 1, power: 0.5 }), [3, 1 + 2 * Math.SQRT1_2, 1, 1]],
    ],
    refused: [
      ...steps((n) => schedule.polynomial(1, { steps: n }), 'polynomial'),
      [
        () => schedule.polynomial(1, { steps: 1, power: 0 }),
        /^polynomial: expected power that is finite and above 0, got 0/,
      ],
      [
        () => schedule.polynomial(1, { steps: 1, end: -1 }),
        /^polynomial: expected end that is finite and not negative/,
      ],
    ],
  },
  cosine: {
    golden: [
      [
        schedule.cosine(1, { steps: 9, end: 0.1 }),
        [
          1, 0.972861679353659, 0.89471999940354, 0.775, 0.628141679950119, 0.471858320049881, 0.325, 0.20528000059646,
          0.127138320646341, 0.1, 0.1,
        ],
      ],
    ],
    refused: steps((n) => schedule.cosine(1, { steps: n }), 'cosine'),
  },
  cosineRestarts: {
    golden: [
      [
        schedule.cosineRestarts(1, { first: 2, factor: 2, end: 0.1 }),
        [
          1, 0.55, 1, 0.868198051533946, 0.55, 0.231801948466054, 1, 0.965745789630079, 0.868198051533946,
          0.72220754456429, 0.55, 0.37779245543571,
        ],
      ],
      [schedule.cosineRestarts(1, { first: 2 }), [1, 0.5, 1, 0.5, 1]],
    ],
    refused: [
      ...steps((first) => schedule.cosineRestarts(1, { first }), 'cosineRestarts'),
      [
        () => schedule.cosineRestarts(1, { first: 2, factor: 1.5 }),
        /expected factor that is a whole number from 1, got 1.5/,
      ],
    ],
  },
  oneCycle: {
    golden: [
      [
        schedule.oneCycle(1, { steps: 10 }),
        [
          0.04, 0.52, 1, 0.950484632013474, 0.811745653949763, 0.611262021936289, 0.388741978063711, 0.188258346050237,
          0.0495193679865263, 4e-6, 4e-6,
        ],
      ],
      [
        schedule.oneCycle(1, { steps: 10, warmup: 0.4, anneal: 'linear', startFactor: 10, endFactor: 100 }),
        [0.1, 0.4, 0.7, 1, 0.8335, 0.667, 0.5005, 0.334, 0.1675, 0.001],
      ],
    ],
    refused: [
      ...steps((n) => schedule.oneCycle(1, { steps: n }), 'oneCycle'),
      [
        () => schedule.oneCycle(1, { steps: 10, warmup: 1 }),
        /^oneCycle: expected a warm-up of more .*, got 1 of 10 \[out-of-range\]$/,
      ],
      [() => schedule.oneCycle(1, { steps: 3 }), /^oneCycle: expected a warm-up of more than one of the steps/],
    ],
  },
  linearWarmup: {
    golden: [
      [schedule.linearWarmup(1, { steps: 4, from: 0.25 }), [0.25, 0.4375, 0.625, 0.8125, 1, 1, 1]],
      [schedule.linearWarmup(2, { steps: 2 }), [0, 1, 2, 2]],
    ],
    refused: steps((n) => schedule.linearWarmup(1, { steps: n }), 'linearWarmup'),
  },
  join: {
    golden: [
      [
        schedule.join([schedule.linearWarmup(1, { steps: 2 }), schedule.exponential(1, 0.5), schedule.constant(3)], {
          at: [2, 4],
        }),
        [0, 0.5, 1, 0.5, 3, 3],
      ],
    ],
    refused: [
      [
        () => schedule.join([schedule.constant(1), schedule.constant(2), schedule.constant(3)], { at: [5, 3] }),
        /^join: expected steps in order, whole numbers from 1, got 5, 3 \[out-of-range\]$/,
      ],
      [
        () => schedule.join([schedule.constant(1)], { at: [5] }),
        /^join: expected 2 schedules, one more than steps, got 1 \[size-mismatch\]$/,
      ],
    ],
  },
}

t.test('every schedule has an entry', async (t) => {
  t.same(Object.keys(schedule).sort(), [...Object.keys(table), 'reduceOnPlateau'].sort())
})

for (const [name, { golden, refused }] of Object.entries(table))
  t.test(name, async (t) => {
    for (const [f, expected] of golden) {
      for (const [n, value] of expected.entries())
        t.ok(Math.abs(f(n) - value) < 1e-12, `${name} at ${n}`, { found: f(n), value })
      t.equal(f(3), f(3), 'a pure function')
      t.ok(Number.isFinite(f(1e6)) && f(1e6) >= 0, 'far out')
      for (const bad of [-1, 0.5, Number.NaN])
        t.throws(() => f(bad), { message: `${name}: expected a step that is a whole number from 0, got ${bad}` })
    }
    t.ok(refused.length >= 2)
    for (const [make, message] of refused) t.throws(make, { message })
  })

t.test('reduceOnPlateau', async (t) => {
  const metrics = [5, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3]
  const rates = (options: Parameters<typeof schedule.reduceOnPlateau>[1]): readonly number[] => {
    const plateau = schedule.reduceOnPlateau(1, options)
    let state = plateau.start
    return metrics.map((metric) => {
      state = plateau.next(state, metric)
      return state.rate
    })
  }
  t.same(
    rates({ factor: 0.5, patience: 1 }),
    [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125, 0.0625, 0.0625, 0.03125, 0.03125],
    'as PyTorch',
  )
  t.same(
    rates({ factor: 0.5, patience: 1, cooldown: 2, least: 0.3 }),
    [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3],
    'with a cooldown and a least rate',
  )
  t.same(
    rates({ factor: 0.5, patience: 2, better: 'larger', threshold: 0.5, absolute: true }),
    [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125, 0.0625, 0.0625],
    'larger is better, absolutely',
  )
  const after = (metrics: readonly number[], options: Parameters<typeof schedule.reduceOnPlateau>[1]) => {
    const plateau = schedule.reduceOnPlateau(1, { factor: 0.5, patience: 0, ...options })
    let state = plateau.start
    return metrics.map((metric) => {
      state = plateau.next(state, metric)
      return state
    })
  }
  const worse = after([-1, -0.95, -0.9, -0.85, -0.8], { threshold: 0.1 })
  t.same(
    worse.map((s) => [s.rate, s.best]),
    [1, 0.5, 0.25, 0.125, 0.0625].map((rate) => [rate, -1]),
    'below 0 too, worse is no better',
  )
  t.equal(after(Array(8).fill(-1), {}).at(-1)?.rate, 0.5 ** 7, 'nor is the same')
  t.same(
    after([-1, -1.05, -1.2, -1.25], { threshold: 0.1 }).map((s) => s.best),
    [-1, -1, -1.2, -1.2],
    'better by more than the margin is progress',
  )
  t.same(
    after([-1, -0.95, -0.85, -0.8, 0, 0, 0.1], { threshold: 0.1, better: 'larger' }).map((s) => s.best),
    [-1, -1, -0.85, -0.85, 0, 0, 0.1],
    'and so where larger is better, across 0',
  )
  t.same(
    after([5, 4, 3, 0.1, -0.1], { threshold: 1 }).map((s) => [s.rate, s.best]),
    [
      [1, 5],
      [0.5, 5],
      [0.25, 5],
      [0.125, 5],
      [0.125, -0.1],
    ],
    'a margin as large as the best',
  )
  t.same(
    after([-1, -1.3, -1.7], { threshold: 0.5, absolute: true }).map((s) => s.best),
    [-1, -1, -1.7],
    'an absolute margin',
  )
  const inf = Number.POSITIVE_INFINITY
  t.same(
    after([inf, 3, -inf, -inf], {}).map((s) => s.rate),
    [0.5, 0.5, 0.5, 0.25],
    'an infinite metric is compared as it is',
  )
  for (const [sign, better] of [
    [1, 'smaller'],
    [-1, 'larger'],
  ] as const)
    t.same(
      after(
        [3, 2.9, -0.5, -0.51, -0.6, 0.2, -9].map((x) => sign * x),
        { threshold: 0.1, better },
      ).map((s) => [s.rate, sign * s.best]),
      [
        [1, 3],
        [0.5, 3],
        [0.5, -0.5],
        [0.25, -0.5],
        [0.25, -0.6],
        [0.125, -0.6],
        [0.125, -9],
      ],
      `${better}: the one is the other with its sign turned`,
    )
  t.throws(() => schedule.reduceOnPlateau(1, { better: 'lower' as never }), {
    name: 'ValueError',
    message: "reduceOnPlateau: expected better to be one of smaller, larger, got 'lower'",
  })
  t.throws(() => schedule.reduceOnPlateau(1, { better: 'toString' as never }), /got 'toString'/)
  const kept = JSON.parse(JSON.stringify(schedule.reduceOnPlateau(1).start))
  t.throws(() => schedule.reduceOnPlateau(1).next(kept, 3), {
    name: 'StructureError',
    message: /reduceOnPlateau: expected a state whose best is a number, got null; JSON has no ∞, .* toBytes/,
  })
  const { start, next } = schedule.reduceOnPlateau(1, { patience: 0 })
  t.throws(
    () => next(start, zeros([]) as never),
    /expected a metric that is a number, got a tensor \[\]; item reads one/,
  )
  t.throws(() => next(start, undefined as never), /expected a metric that is a number, got undefined/)
  t.throws(() => next({ rate: 1 } as never, 1), /reduceOnPlateau: expected its own state, with the names rate, best/)
  t.equal(next(next(start, 1), Number.NaN).rate, 0.1, 'NaN is no progress')
  t.same(next(start, 1), next(start, 1), 'a pure function')
  t.same(start, { rate: 1, best: Number.POSITIVE_INFINITY, bad: 0, cooldown: 0 }, 'and the state a plain value')
  t.throws(() => schedule.reduceOnPlateau(-1), /reduceOnPlateau: expected rate that is finite and not negative, got -1/)
  t.throws(() => schedule.reduceOnPlateau(1, { factor: 1 }), /reduceOnPlateau: expected factor from 0 up to 1, got 1/)
})
