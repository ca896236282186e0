// Every gradient transformation and optimizer: what it computes, by golden values, and what it refuses. The suite does the rest. Golden
// values are parameters after each of three steps, from (1, −2) along the gradients below: those of PyTorch 1.13 in float64 where
// it has the optimizer (`weight_decay` is addDecayedWeights before it), else worked by hand, or by a script in Python from the paper's formulas.
import { readFileSync } from 'node:fs'
import {
  accumulate,
  adadelta,
  adafactor,
  adagrad,
  adam,
  adamax,
  adamw,
  addDecayedWeights,
  amsgrad,
  applyUpdates,
  averagedOverRanks,
  bySlots,
  chain,
  clipByGlobalNorm,
  clipByNorm,
  clipByRms,
  clipByValue,
  ema,
  fromNested,
  lamb,
  lion,
  lookahead,
  maxNorm,
  momentum,
  muon,
  nadam,
  op,
  partition,
  projected,
  radam,
  rmsprop,
  type StateFn,
  scale,
  scaleByAdadelta,
  scaleByAdagrad,
  scaleByAdam,
  scaleByAdamax,
  scaleByAmsgrad,
  scaleByDeviation,
  scaleByFactoredRms,
  scaleByLearningRate,
  scaleByLion,
  scaleByMuon,
  scaleByNadam,
  scaleByParameterRms,
  scaleByRadam,
  scaleByRms,
  scaleBySchedule,
  scaleByTrustRatio,
  schedule,
  scheduleFree,
  scheduleFreeAdamw,
  sgd,
  type Tensor,
  type Transformation,
  toArray,
} from 'pullback'
import t from 'tap'
import { type AnyTransformation, descent, lawsOfTransformation, type Traits } from '../law/transformation.ts'
import { alike } from '../support/alike.ts'
import { root } from '../support/run.ts'

const gradients = [
  [0.1, -0.4],
  [-0.3, 0.05],
  [2, -0.2],
]
type Golden = readonly (readonly [x: number, y: number])[]

interface Entry extends Traits {
  readonly of: AnyTransformation
  readonly golden: readonly (readonly [AnyTransformation, Golden])[]
  readonly refused: readonly (readonly [make: () => unknown, message: RegExp])[]
  /** An optimizer that minimises a quadratic within so many steps. */
  readonly minimises?: readonly [AnyTransformation, number]
}

const any = <F extends StateFn>(t: Transformation<F>): AnyTransformation => t as unknown as AnyTransformation
const entry = <F extends StateFn>(
  of: Transformation<F>,
  golden: readonly (readonly [unknown, Golden])[],
  refused: Entry['refused'],
  traits: Traits = {},
  minimises?: readonly [unknown, number],
): Entry => ({
  of: any(of),
  golden: golden as Entry['golden'],
  refused,
  ...traits,
  ...(minimises === undefined ? {} : { minimises: minimises as NonNullable<Entry['minimises']> }),
})

/** The same updates with their sign turned, as an optimizer with the rate 0.1. */
const down = <F extends StateFn>(t: Transformation<F>) => chain(t, scaleByLearningRate(0.1))
const rate = (make: (rate: never) => unknown, op: string): Entry['refused'] => [
  [
    () => make(-1 as never),
    new RegExp(`^${op}: expected a learning rate that is not negative, got -1 \\[out-of-range\\]$`),
  ],
  [
    () => make(Number.NaN as never),
    new RegExp(`^${op}: expected a learning rate that is not negative, got NaN \\[out-of-range\\]$`),
  ],
]
const p = { W: fromNested([[1, 2]]), b: fromNested([Number.NaN]) }
/** Momentum, as one of one's own. */
const heavy = bySlots('heavy', ['v'], () => (g, v) => {
  const next = op.addScaled(g, v, 0.9)
  return [next, next]
})
const update = <F extends StateFn>(t: Transformation<F>, g: typeof p = p) => t.update(g, t.init(p), p)

const adamGolden: Golden = [
  [0.900000009999999, -1.9000000025],
  [0.949418991120065, -1.84274654693621],
  [0.892283430017934, -1.77469420634947],
]
const amsgradGolden: Golden = [
  [0.900000009999999, -1.9000000025],
  [0.966226625221672, -1.86938138165271],
  [0.895775356882153, -1.81741126833269],
]
const adamaxGolden: Golden = [
  [0.900000009999999, -1.9000000025],
  [0.936842114035087, -1.81842105717105],
  [0.903428830069312, -1.73004467782603],
]
const adagradGolden: Golden = [
  [0.9000000001, -1.900000000025],
  [0.994868329875051, -1.91240347348084],
  [0.89609537021497, -1.86795902904628],
]
const adadeltaGolden: Golden = [
  [0.996839302293795, -1.99683782115638],
  [1.00110203626509, -1.99742199832904],
  [0.995072767941615, -1.99530032414593],
]
const rmsGolden: Golden = [
  [9.99999000383944e-7, -1.00000024999994],
  [0.949158695451293, -1.1246501326608],
  [-0.0387032588807886, -0.676641837618954],
]
const centeredGolden: Golden = [
  [-0.00503680515921689, -0.994962437265977],
  [0.946045995978065, -1.12007864602307],
  [-0.0457479992637345, -0.668724739365511],
]
const radamGolden: Golden = [
  [0.99, -1.96],
  [1.00105263157895, -1.94368421052632],
  [0.934226063313265, -1.92600893377355],
]
/** By hand: PyTorch 1.13 multiplies one b1ₜ too many into the product; as mended since. */
const nadamGolden: Golden = [
  [0.894354832728978, -1.89435482480559],
  [0.991501754047804, -1.90106424854681],
  [0.880784700686113, -1.84582044838593],
]
const velocityGolden: Golden = [
  [0.99, -1.96],
  [1.011, -1.929],
  [0.8299, -1.8811],
]
const nesterovGolden: Golden = [
  [0.981, -1.924],
  [1.0299, -1.9011],
  [0.66691, -1.83799],
]
const sgdGolden: Golden = [
  [0.99, -1.96],
  [1.02, -1.965],
  [0.82, -1.945],
]
/** The first step is a share of each length, up or down; so are the others, since a number has no other direction. */
const lambGolden: Golden = [
  [0.9, -1.8],
  [0.99, -1.62],
  [0.891, -1.458],
]

const table: Readonly<Record<string, Entry>> = {
  scale: entry(
    scale(-0.1),
    [[scale(-0.1), sgdGolden]],
    [
      [() => scale(Number.NaN), /^scale: expected a finite factor, got NaN \[out-of-range\]$/],
      [() => scale(Number.POSITIVE_INFINITY), /got Infinity/],
    ],
    { degree: 1 },
  ),
  scaleBySchedule: entry(
    scaleBySchedule((n) => 1 / (n + 1)),
    [
      [
        scaleBySchedule((n) => -(n + 1)),
        [
          [0.9, -1.6],
          [1.5, -1.7],
          [-4.5, -1.1],
        ],
      ],
    ],
    [
      [() => update(scaleBySchedule(() => Number.NaN)), /expected a finite factor, got NaN/],
      [() => scaleBySchedule(schedule.constant(-1)), /constant: expected rate that is finite and not negative, got -1/],
    ],
    { degree: 1 },
  ),
  scaleByLearningRate: entry(
    scaleByLearningRate(0.1),
    [
      [scaleByLearningRate(0.1), sgdGolden],
      [scaleByLearningRate(schedule.constant(0.1)), sgdGolden],
    ],
    [
      ...rate(scaleByLearningRate, 'scaleByLearningRate'),
      [() => update(scaleByLearningRate(() => -1)), /scaleByLearningRate: expected a learning rate .*, got -1/],
      [() => scaleByLearningRate('0.1' as never), /got '0.1'/],
    ],
    { degree: 1 },
  ),
  chain: entry(
    chain(momentum(0.9), scale(-0.1)),
    [[chain(momentum(0.9), scale(-0.1)), velocityGolden]],
    [
      [
        () => chain(scale(1)).update(p, [] as never, p),
        /^chain: expected its own state, an array of 1, got one of 0; /,
      ],
      [() => chain(scale(1)).update(p, sgd(1, { momentum: 0.9 }).init(p) as never, p), /an array of 1, got one of 2/],
    ],
    { degree: 1 },
  ),
  momentum: entry(
    momentum(0.9),
    [
      [down(momentum(0.9)), velocityGolden],
      [down(momentum(0.9, { nesterov: true })), nesterovGolden],
    ],
    [
      [() => momentum(Number.NaN), /^momentum: expected decay from 0 to 1, got NaN \[out-of-range\]$/],
      [() => momentum(1.1), /^momentum: expected decay from 0 to 1, got 1.1 \[out-of-range\]$/],
      [
        () => momentum(0.5).update(p, scaleByRms().init(p) as never, p),
        /^momentum: expected its own state, with the names count, velocity, got the names count, nu; start with what init/,
      ],
    ],
    { degree: 1 },
  ),
  bySlots: entry(
    heavy,
    [[down(heavy), velocityGolden]],
    [
      [
        () => bySlots('own', ['count'], () => (g, c) => [g, c]),
        /^own: expected names of its state that differ, .* got 'count' \[bad-name\]$/,
      ],
      [() => bySlots('own', ['v', 'v'], () => (g, v, w) => [g, v, w]), /got 'v', 'v' \[bad-name\]$/],
      [
        () => update(bySlots('own', ['v'], () => (g) => [g] as never)),
        /expected a step that gives .*, \[update, v\], got /,
      ],
      [
        () => update(bySlots('own', ['v'], () => () => 3 as never)),
        /^own at W: expected a step that gives .* got 3 \[wrong-argument\]$/,
      ],
    ],
    { degree: 1 },
  ),
  sgd: entry(
    sgd(0.1, { momentum: 0.9 }),
    [
      [sgd(0.1), sgdGolden],
      [sgd(schedule.constant(0.1)), sgdGolden],
      [sgd(0.1, { momentum: 0.9 }), velocityGolden],
      [sgd(0.1, { momentum: 0.9, nesterov: true }), nesterovGolden],
      [
        chain(addDecayedWeights(0.01), sgd(0.1, { momentum: 0.9 })),
        [
          [0.989, -1.958],
          [1.008111, -1.923242],
          [0.824302789, -1.870036558],
        ],
      ],
    ],
    [...rate(sgd, 'sgd'), [() => sgd(1, { momentum: 2 }), /sgd: expected momentum from 0 to 1, got 2/]],
    { degree: 1 },
    [sgd(0.2, { momentum: 0.5 }), 100],
  ),
  scaleByAdagrad: entry(
    scaleByAdagrad({ eps: 0 }),
    [
      [down(scaleByAdagrad()), adagradGolden],
      [
        down(scaleByAdagrad({ initial: 0.1 })),
        [
          [0.969848865551315, -1.92155354596011],
          [1.03693090486131, -1.93131254668769],
          [0.939340897571217, -1.89494891033067],
        ],
      ],
    ],
    [
      [
        () => scaleByAdagrad({ eps: -1 }),
        /^scaleByAdagrad: expected eps that is finite and not negative, got -1 \[out-of-range\]$/,
      ],
      [
        () => scaleByAdagrad({ initial: -1 }),
        /expected initial that is finite and not negative, got -1 \[out-of-range\]$/,
      ],
    ],
    { degree: 0, restless: true },
  ),
  adagrad: entry(adagrad(0.1), [[adagrad(0.1), adagradGolden]], rate(adagrad, 'adagrad'), {}, [adagrad(0.5), 200]),
  scaleByAdadelta: entry(
    scaleByAdadelta(),
    [[chain(scaleByAdadelta(), scale(-1)), adadeltaGolden]],
    [
      [() => scaleByAdadelta({ decay: 1 }), /^scaleByAdadelta: expected decay from 0 up to 1, got 1 \[out-of-range\]$/],
      [() => scaleByAdadelta({ eps: Number.NaN }), /expected eps that is finite and not negative, got NaN/],
    ],
  ),
  adadelta: entry(adadelta(), [[adadelta(), adadeltaGolden]], rate(adadelta, 'adadelta'), {}, [adadelta(3), 200]),
  scaleByRms: entry(
    scaleByRms(),
    [[down(scaleByRms()), rmsGolden]],
    [
      [() => scaleByRms({ decay: -1 }), /^scaleByRms: expected decay from 0 up to 1, got -1 \[out-of-range\]$/],
      [() => scaleByRms({ eps: -1 }), /expected eps that is finite and not negative, got -1/],
    ],
    { degree: 0 },
  ),
  scaleByDeviation: entry(
    scaleByDeviation(),
    [[down(scaleByDeviation()), centeredGolden]],
    [
      [
        () => scaleByDeviation({ decay: 1 }),
        /^scaleByDeviation: expected decay from 0 up to 1, got 1 \[out-of-range\]$/,
      ],
      [() => scaleByDeviation({ eps: -1 }), /expected eps that is finite and not negative, got -1/],
    ],
    { degree: 0 },
  ),
  rmsprop: entry(
    rmsprop(0.1, { centered: true, momentum: 0.5 }),
    [
      [rmsprop(0.1), rmsGolden],
      [rmsprop(0.1, { centered: true }), centeredGolden],
      [
        rmsprop(0.1, { decay: 0.9, momentum: 0.9 }),
        [
          [0.68377233398313, -1.68377225898316],
          [0.700678748842684, -1.44047690789364],
          [0.403130979976469, -1.06894599322393],
        ],
      ],
      [
        rmsprop(0.1, { decay: 0.9, centered: true, momentum: 0.5 }),
        [
          [0.666666777777741, -1.66666669444444],
          [0.808459984188606, -1.54273508074914],
          [0.553241465449729, -1.31687114064033],
        ],
      ],
    ],
    [
      ...rate(rmsprop, 'rmsprop'),
      [() => rmsprop(1, { momentum: -1 }), /rmsprop: expected momentum from 0 to 1, got -1/],
    ],
    { degree: 0 },
    [rmsprop((n) => 0.1 / (n + 1)), 100],
  ),
  scaleByAdam: entry(
    scaleByAdam(),
    [[down(scaleByAdam()), adamGolden]],
    [
      [() => scaleByAdam({ b1: 1 }), /^scaleByAdam: expected b1 from 0 up to 1, got 1 \[out-of-range\]$/],
      [() => scaleByAdam({ b2: Number.NaN }), /expected b2 from 0 up to 1, got NaN/],
      [() => scaleByAdam({ eps: -1 }), /expected eps that is finite and not negative, got -1/],
    ],
    { degree: 0 },
  ),
  adam: entry(adam(0.1), [[adam(0.1), adamGolden]], rate(adam, 'adam'), { degree: 0 }, [adam(0.1), 300]),
  scaleByAmsgrad: entry(
    scaleByAmsgrad(),
    [[down(scaleByAmsgrad({ b1: 0.5, b2: 0.5 })), amsgradGolden]],
    [
      [() => scaleByAmsgrad({ b1: 1 }), /^scaleByAmsgrad: expected b1 from 0 up to 1, got 1 \[out-of-range\]$/],
      [() => scaleByAmsgrad({ eps: -1 }), /expected eps that is finite and not negative, got -1/],
    ],
    { degree: 0 },
  ),
  amsgrad: entry(
    amsgrad(0.1),
    [[amsgrad(0.1, { b1: 0.5, b2: 0.5 }), amsgradGolden]],
    rate(amsgrad, 'amsgrad'),
    { degree: 0 },
    [amsgrad(0.1), 300],
  ),
  adamw: entry(
    adamw(0.1, { where: ['enc.W'] }),
    [
      [
        adamw(0.1),
        [
          [0.899000009999999, -1.8980000025],
          [0.947519991110066, -1.83884854693371],
          [0.889436910016824, -1.76895735780004],
        ],
      ],
    ],
    [
      ...rate(adamw, 'adamw'),
      [
        () => adamw(0.1, { weightDecay: -1 }),
        /addDecayedWeights: expected decay that is finite and not negative, got -1/,
      ],
    ],
    { restless: true },
    [adamw(0.1), 300],
  ),
  scaleByAdamax: entry(
    scaleByAdamax(),
    [[down(scaleByAdamax({ b2: 0.5 })), adamaxGolden]],
    [
      [() => scaleByAdamax({ b1: 1 }), /^scaleByAdamax: expected b1 from 0 up to 1, got 1 \[out-of-range\]$/],
      [() => scaleByAdamax({ eps: -1 }), /expected eps that is finite and not negative, got -1/],
    ],
    { degree: 0 },
  ),
  adamax: entry(adamax(0.1), [[adamax(0.1, { b2: 0.5 }), adamaxGolden]], rate(adamax, 'adamax'), { degree: 0 }, [
    adamax(0.1),
    300,
  ]),
  scaleByNadam: entry(
    scaleByNadam(),
    [[down(scaleByNadam()), nadamGolden]],
    [
      [() => scaleByNadam({ b1: 1 }), /^scaleByNadam: expected b1 from 0 up to 1, got 1 \[out-of-range\]$/],
      [() => scaleByNadam({ momentumDecay: -1 }), /expected momentumDecay that is finite and not negative, got -1/],
      [
        () => scaleByNadam().update(p, scaleByAdam().init(p) as never, p),
        /the names count, mu, nu, product, got the n/,
      ],
    ],
    { degree: 0 },
  ),
  nadam: entry(nadam(0.1), [[nadam(0.1), nadamGolden]], rate(nadam, 'nadam'), { degree: 0 }, [nadam(0.1), 300]),
  scaleByRadam: entry(
    scaleByRadam({ b2: 0.8 }),
    [[down(scaleByRadam()), radamGolden]],
    [
      [() => scaleByRadam({ b1: 1 }), /^scaleByRadam: expected b1 from 0 up to 1, got 1 \[out-of-range\]$/],
      [() => scaleByRadam({ eps: -1 }), /expected eps that is finite and not negative, got -1/],
    ],
  ),
  radam: entry(radam(0.1), [[radam(0.1), radamGolden]], rate(radam, 'radam'), {}, [radam(0.1), 300]),
  scaleByLion: entry(
    scaleByLion(),
    [
      [
        down(scaleByLion()),
        [
          [0.9, -1.9],
          [1, -2],
          [0.9, -1.9],
        ],
      ],
    ],
    [
      [() => scaleByLion({ b1: 1 }), /^scaleByLion: expected b1 from 0 up to 1, got 1 \[out-of-range\]$/],
      [() => scaleByLion({ b2: -1 }), /expected b2 from 0 up to 1, got -1/],
    ],
    { degree: 0 },
  ),
  lion: entry(
    lion(0.1),
    [
      [
        lion(0.1, { weightDecay: 0.1 }),
        [
          [0.89, -1.88],
          [0.9811, -1.9612],
          [0.871289, -1.841588],
        ],
      ],
    ],
    [...rate(lion, 'lion'), [() => lion(0.1, { weightDecay: -1 }), /expected decay that is finite and not negative/]],
    { degree: 0 },
    [lion((n) => 0.2 * 0.95 ** n), 100],
  ),
  scaleByTrustRatio: entry(
    scaleByTrustRatio(),
    [
      [
        down(scaleByTrustRatio()),
        [
          [0.9, -1.8],
          [0.99, -1.98],
          [0.891, -1.782],
        ],
      ],
    ],
    [
      [
        () => scaleByTrustRatio('W' as never),
        /^scaleByTrustRatio: expected where as a list of names, .* got 'W'; give it as \['W'\] \[wrong-argument\]$/,
      ],
      [
        () => update(scaleByTrustRatio(['c'])),
        /^scaleByTrustRatio: expected one of the names W, b, got 'c' of 'c' \[unknown-name\]$/,
      ],
    ],
    { degree: 0 },
  ),
  lamb: entry(
    lamb(0.1, { where: ['enc.W'] }),
    [[lamb(0.1), lambGolden]],
    [
      ...rate(lamb, 'lamb'),
      [() => lamb(0.1, { b2: 1 }), /^scaleByAdam: expected b2 from 0 up to 1, got 1 \[out-of-range\]$/],
    ],
    { degree: 0, restless: true },
    [lamb((n) => 0.2 * 0.95 ** n, { weightDecay: 0 }), 100],
  ),
  scaleByFactoredRms: entry(
    scaleByFactoredRms(),
    [
      [
        down(scaleByFactoredRms()),
        [
          [0.9, -1.9],
          [1.02683211277239, -1.91896062491553],
          [0.873153663197771, -1.83539024908847],
        ],
      ],
    ],
    [
      [
        () => scaleByFactoredRms({ eps: 0 }),
        /^scaleByFactoredRms: expected eps that is finite and above 0, got 0 \[out-of-range\]$/,
      ],
      [() => scaleByFactoredRms({ power: -1 }), /expected power that is finite and above 0, got -1/],
      [
        () => scaleByFactoredRms().update(p, scaleByFactoredRms().init({ W: p.b, b: p.b }) as never, p),
        /^scaleByFactoredRms at W: expected two tensors of one shape, the first is \[1\], got \[2?\]|\[0\]/,
      ],
    ],
    { degree: 0, reshaped: true },
  ),
  scaleByParameterRms: entry(
    scaleByParameterRms(),
    [
      [
        down(scaleByParameterRms()),
        [
          [0.99, -1.92],
          [1.0197, -1.9296],
          [0.81576, -1.891008],
        ],
      ],
    ],
    [
      [
        () => scaleByParameterRms(0),
        /^scaleByParameterRms: expected least that is finite and above 0, got 0 \[out-of-range\]$/,
      ],
      [() => scaleByParameterRms(Number.NaN), /got NaN/],
    ],
    { degree: 1 },
  ),
  adafactor: entry(
    adafactor(),
    [
      [
        adafactor(),
        [
          [0.99, -1.98],
          [0.9999, -1.98375420373327],
          [0.989901, -1.96717589529783],
        ],
      ],
      [
        adafactor(0.1, { weightDecay: 0.01 }),
        [
          [0.899, -1.798],
          [0.988001, -1.83029320359812],
          [0.888212899, -1.67550461949612],
        ],
      ],
    ],
    [
      ...rate(adafactor, 'adafactor'),
      [
        () => adafactor(0.1, { clip: 0 }),
        /^clipByRms: expected limit that is finite and above 0, got 0 \[out-of-range\]$/,
      ],
    ],
    { degree: 0, rough: true, reshaped: true },
    [adafactor((n) => 0.5 * 0.95 ** n), 100],
  ),
  scaleByMuon: entry(
    scaleByMuon(),
    [[down(scaleByMuon()), adamGolden]],
    [
      [() => scaleByMuon({ momentum: 1 }), /^scaleByMuon: expected momentum from 0 up to 1, got 1 \[out-of-range\]$/],
      [() => scaleByMuon({ steps: 0 }), /expected steps that is a whole number from 1, got 0/],
      [() => scaleByMuon({ nesterov: 1 as never }), /expected nesterov that is true or false, got 1/],
      [() => scaleByMuon({ b2: 1 }), /^scaleByMuon: expected b2 from 0 up to 1, got 1/],
    ],
    { degree: 0, reshaped: true },
  ),
  muon: entry(
    muon(0.1),
    [
      [
        muon(0.1),
        [
          [0.890000009999999, -1.8800000025],
          [0.930518991020065, -1.80394654691121],
          [0.864078240007733, -1.71785474085536],
        ],
      ],
    ],
    [...rate(muon, 'muon'), [() => muon(0.1, { weightDecay: -1 }), /expected decay that is finite and not negative/]],
    { degree: 0, restless: true, reshaped: true },
    [muon(0.1, { weightDecay: 0 }), 300],
  ),
  addDecayedWeights: entry(
    addDecayedWeights(0.1, ['enc.W', 'out']),
    [
      [
        addDecayedWeights(0.1),
        [
          [1.2, -2.6],
          [1.02, -2.81],
          [3.122, -3.291],
        ],
      ],
      [
        addDecayedWeights(0.5, (path) => path === 'x'),
        [
          [1.6, -2.4],
          [2.1, -2.35],
          [5.15, -2.55],
        ],
      ],
    ],
    [
      [
        () => addDecayedWeights(-1),
        /^addDecayedWeights: expected decay that is finite and not negative, got -1 \[out-of-range\]$/,
      ],
      [
        () => update(addDecayedWeights(1, ['L1.W'])),
        /^addDecayedWeights: expected one of the names W, b, got 'L1' of 'L1.W' \[unknown-name\]$/,
      ],
      [
        () => update(addDecayedWeights(1, (path) => path.startsWith('L'))),
        /^addDecayedWeights: expected some of the parameters W, b, got an empty choice \[wrong-argument\]$/,
      ],
    ],
    { restless: true },
  ),
  clipByValue: entry(
    clipByValue(0.5),
    [
      [
        clipByValue(0.3),
        [
          [1.1, -2.3],
          [0.8, -2.25],
          [1.1, -2.45],
        ],
      ],
    ],
    [
      [() => clipByValue(0), /^clipByValue: expected limit that is finite and above 0, got 0 \[out-of-range\]$/],
      [
        () => update(clipByValue(1)),
        /^clipByValue at b: expected gradients that are numbers, got NaN at index \[0\] \[not-finite\]$/,
      ],
    ],
    { rough: true },
  ),
  clipByNorm: entry(
    clipByNorm(0.5),
    [
      [
        clipByNorm(0.5),
        [
          [1.1, -2.4],
          [0.8, -2.35],
          [0.8 + (2 * 0.5) / (2 + 1e-6), -2.55],
        ],
      ],
    ],
    [
      [() => clipByNorm(-1), /^clipByNorm: expected limit that is finite and above 0, got -1 \[out-of-range\]$/],
      [
        () => update(clipByNorm(1)),
        /^clipByNorm at b: expected gradients that are numbers, got NaN at index \[0\] \[not-finite\]$/,
      ],
    ],
    { rough: true },
  ),
  clipByGlobalNorm: entry(
    clipByGlobalNorm(0.5),
    [
      [
        clipByGlobalNorm(0.5),
        [
          [1.1, -2.4],
          [0.8, -2.35],
          [0.8 + (2 * 0.5) / (Math.sqrt(4.04) + 1e-6), -2.35 - (0.2 * 0.5) / (Math.sqrt(4.04) + 1e-6)],
        ],
      ],
    ],
    [
      [
        () => clipByGlobalNorm(Number.NaN),
        /^clipByGlobalNorm: expected limit that is finite and above 0, got NaN \[out-of-range\]$/,
      ],
      [
        () => update(clipByGlobalNorm(1)),
        /^clipByGlobalNorm at b: expected gradients that are .*, got NaN at index \[0\] \[not-finite\]$/,
      ],
      [
        () => update(clipByGlobalNorm(1), { W: fromNested([[0, Number.POSITIVE_INFINITY]]), b: fromNested([0]) }),
        /^clipByGlobalNorm at W: expected gradients that are numbers, got Infinity at index \[0, 1\] \[not-finite\]$/,
      ],
    ],
    { rough: true },
  ),
  clipByRms: entry(
    clipByRms(0.5),
    [
      [
        clipByRms(0.3),
        [
          [1.1, -2.3],
          [0.8, -2.25],
          [1.1, -2.45],
        ],
      ],
    ],
    [
      [() => clipByRms(0), /^clipByRms: expected limit that is finite and above 0, got 0 \[out-of-range\]$/],
      [
        () => update(clipByRms(1)),
        /^clipByRms at b: expected gradients that are numbers, got NaN at index \[0\] \[not-finite\]$/,
      ],
    ],
    { rough: true },
  ),
  accumulate: entry(
    accumulate(2, sgd(0.1, { momentum: 0.9 })),
    [
      [
        accumulate(2, sgd(0.1)),
        [
          [1, -2],
          [1.01, -1.9825],
          [1.01, -1.9825],
        ],
      ],
    ],
    [
      [() => accumulate(0, scale(1)), /^accumulate: expected k that is a whole number from 1, got 0 \[out-of-range\]$/],
      [() => accumulate(1.5, scale(1)), /got 1.5/],
      [
        () => accumulate(2, scale(1)).update(p, {} as never, p),
        /accumulate: expected its own state, with the names count/,
      ],
    ],
    { degree: 1 },
    [accumulate(2, sgd(0.2)), 200],
  ),
  averagedOverRanks: entry(
    averagedOverRanks(alike(2)),
    [[chain(averagedOverRanks(alike(2)), sgd(0.1)), sgdGolden]],
    [
      [() => averagedOverRanks(2 as never), /^averagedOverRanks: expected a communicator, got 2; oneProcess is one/],
      [
        () => averagedOverRanks(alike(2)).update(p, { count: 1 } as never, p),
        /averagedOverRanks: expected its own state/,
      ],
    ],
    { degree: 1 },
  ),
  ema: entry(
    ema(0.9, sgd(0.1)),
    [[ema(0.9, sgd(0.1)), sgdGolden]],
    [
      [() => ema(2, scale(1)), /^ema: expected decay from 0 to 1, got 2 \[out-of-range\]$/],
      [
        () => ema(0.5, scale(1)).update(p, {} as never, p),
        /ema: expected its own state, with the names average, inner/,
      ],
    ],
    { degree: 1 },
  ),
  lookahead: entry(
    lookahead(sgd(0.1, { momentum: 0.9 }), { every: 2 }),
    [
      [
        lookahead(sgd(0.1), { every: 2 }),
        [
          [0.99, -1.96],
          [1.01, -1.9825],
          [0.81, -1.9625],
        ],
      ],
      [lookahead(sgd(0.1), { every: 1, share: 1 }), sgdGolden],
    ],
    [
      [
        () => lookahead(sgd(1), { every: 0 }),
        /^lookahead: expected every that is a whole number from 1, got 0 \[out-of-range\]$/,
      ],
      [() => lookahead(sgd(1), { share: 1.5 }), /^lookahead: expected share from 0 to 1, got 1.5 \[out-of-range\]$/],
      [
        () => lookahead(sgd(1)).update(p, {} as never, p),
        /^lookahead: expected its own state, with the names count, slow, inner, got /,
      ],
    ],
    { degree: 1 },
    [lookahead(sgd(0.2, { momentum: 0.5 })), 100],
  ),
  scheduleFree: entry(
    scheduleFree(0.1, chain()),
    [
      [
        scheduleFree(0.1, chain()),
        [
          [0.99, -1.96],
          [1.0065, -1.96275],
          [0.931, -1.9555],
        ],
      ],
    ],
    [
      ...rate((n) => scheduleFree(n, chain()), 'scheduleFree'),
      [() => scheduleFree(1, chain(), { b1: 1 }), /^scheduleFree: expected b1 from 0 up to 1, got 1 \[out-of-range\]$/],
      [
        () => scheduleFree(1, chain()).update(p, ema(0.5, chain()).init(p) as never, p),
        /^scheduleFree: expected its own state, with the names count, largest, weights, average, last, inner, got /,
      ],
    ],
    { degree: 1 },
    [scheduleFree(0.5, chain()), 100],
  ),
  scheduleFreeAdamw: entry(
    scheduleFreeAdamw(0.1),
    [
      [
        scheduleFreeAdamw(0.1),
        [
          [0.900000316226766, -1.90000007905688],
          [0.993882872469182, -1.91228010438465],
          [0.919981005738171, -1.87257192337646],
        ],
      ],
      [
        scheduleFreeAdamw(schedule.linearWarmup(0.1, { steps: 2 }), { b1: 0.5, b2: 0.9, weightDecay: 0.1 }),
        [
          [1, -2],
          [1.06353341799112, -2.00464432309548],
          [0.907733390760362, -1.92148731516392],
        ],
      ],
    ],
    [
      ...rate(scheduleFreeAdamw, 'scheduleFreeAdamw'),
      [
        () => scheduleFreeAdamw(0.1, { b2: 1 }),
        /^scheduleFreeAdamw: expected b2 from 0 up to 1, got 1 \[out-of-range\]$/,
      ],
    ],
    { degree: 0 },
    [scheduleFreeAdamw(0.1), 300],
  ),
  projected: entry(
    projected(sgd(0.1), maxNorm(0.5, ['enc'])),
    [
      [
        projected(sgd(0.1), maxNorm(1)),
        [
          [0.99, -1],
          [1, -1],
          [0.8, -0.98],
        ],
      ],
    ],
    [
      [() => maxNorm(0), /^maxNorm: expected limit that is finite and above 0, got 0 \[out-of-range\]$/],
      [
        () => update(projected(scale(0), maxNorm(1, ['c']))),
        /^maxNorm: expected one of the names W, b, got 'c' of 'c' \[unknown-name\]$/,
      ],
    ],
    { restless: true, rough: true },
  ),
  partition: entry(
    partition(adam(0.1), { enc: sgd(0.1), 'out.V': momentum(0.9) }),
    [],
    [
      [
        () => partition(sgd(1), { a: sgd(1), 'a.b': sgd(1) }),
        /partition: expected groups that do not overlap, got 'a.b' w/,
      ],
      [
        () => partition(sgd(1), { c: sgd(1) }).init(p),
        /^partition: expected one of the names W, b, got 'c' of 'c' \[unknown-name\]$/,
      ],
      [
        () => partition(sgd(1), { b: sgd(1) }).update(p, partition(sgd(1), { W: sgd(1) }).init(p) as never, p),
        /^partition: expected its own state, with the names b, got the names W; /,
      ],
    ],
  ),
}

/** Functions beside the transformations, with specs of their own. */
const elsewhere = ['applyUpdates', 'averaged', 'lbfgs', 'maxNorm', 'sam', 'schedule']

t.test('every export of lib/optim has an entry', async (t) => {
  const index = readFileSync(`${root}/lib/index.ts`, 'utf8')
  const exported = [...index.matchAll(/^export (?:\{([^}]*)\}|\* as (\w+)) from '\.\/optim\//gm)]
    .flatMap(([, names = '', space = '']) => [...names.split(','), space])
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
  t.ok(exported.length > 30)
  t.same(
    exported.filter((name) => !(name in table) && !elsewhere.includes(name)),
    [],
  )
})

for (const [name, { golden, refused, minimises, ...traits }] of Object.entries(table))
  t.test(name, async (t) => {
    lawsOfTransformation(t, name, traits.of, traits)
    for (const [i, [f, expected]] of golden.entries()) {
      let at: { readonly x: Tensor; readonly y: Tensor } = {
        x: fromNested([1], 'float64'),
        y: fromNested([-2], 'float64'),
      }
      let state = f.init(at)
      for (const [n, [x = 0, y = 0]] of gradients.entries()) {
        const g: typeof at = { x: fromNested([x], 'float64'), y: fromNested([y], 'float64') }
        const [updates, next] = f.update(g, state, at)
        at = applyUpdates(at, updates)
        state = next
        const found = [...toArray(at.x), ...toArray(at.y)]
        t.ok(
          found.every((v, j) => Math.abs(v - (expected[n]?.[j] as number)) < 1e-12),
          `${name}: golden values ${i}, step ${n}`,
          { found, expected: expected[n] },
        )
      }
    }
    t.ok(refused.length >= 2)
    for (const [make, message] of refused) t.throws(make, { message })
    if (minimises !== undefined) t.ok(descent(...minimises) < 1e-2, `${name}: minimises a quadratic`)
  })
