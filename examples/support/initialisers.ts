// Each initialiser of the library, by name.
import {
  allZeros,
  constant,
  gain,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  identityMap,
  lecunNormal,
  lecunUniform,
  normalWith,
  orthogonal,
  sparse,
  truncatedNormal,
  uniformBetween,
  varianceScaling,
} from 'pullback'

/** Those that know of activations are told which one follows. */
export const initialisers = (activation: 'tanh' | 'relu'): Readonly<Record<string, Initializer>> => ({
  glorotNormal,
  heNormal,
  lecunNormal,
  'orthogonal, gain': orthogonal({ gain: gain(activation) }),
  'varianceScaling, gain': varianceScaling({ gain: gain(activation) }),
  'normalWith, 1': normalWith(),
  identityMap,
  'constant, 0.01': constant(0.01),
  glorotUniform,
  heUniform,
  lecunUniform,
  'sparse, a half': sparse({ sparsity: 0.5 }),
  'truncatedNormal, 0.02': truncatedNormal({ deviation: 0.02 }),
  'uniformBetween, ±0.1': uniformBetween(-0.1, 0.1),
  allZeros,
})
