// Each initializer of the library, by name.
import { type Initializer, initializer } from 'pullback'

/** Initializers that depend on the activation get the one that follows. */
export const initializers = (activation: 'tanh' | 'relu'): Readonly<Record<string, Initializer>> => ({
  glorotNormal: initializer.glorotNormal,
  heNormal: initializer.heNormal,
  lecunNormal: initializer.lecunNormal,
  'orthogonal, gain': initializer.orthogonal({ gain: initializer.gain(activation) }),
  'varianceScaling, gain': initializer.varianceScaling({ gain: initializer.gain(activation) }),
  'normal, 1': initializer.normal(),
  identityMap: initializer.identityMap,
  'constant, 0.01': initializer.constant(0.01),
  glorotUniform: initializer.glorotUniform,
  heUniform: initializer.heUniform,
  lecunUniform: initializer.lecunUniform,
  'sparse, a half': initializer.sparse({ sparsity: 0.5 }),
  'truncatedNormal, 0.02': initializer.truncatedNormal({ deviation: 0.02 }),
  'uniform, ±0.1': initializer.uniform(-0.1, 0.1),
  zeros: initializer.zeros,
})
