import { brief } from '../../codec/safetensors/header.ts'
import { identity } from '../../combinator/identity.ts'
import type { AnyLayer } from '../../layer/layer.ts'
import * as nn from '../../nn/activation.ts'
import { elu, leakyRelu, softplus } from '../../nn/activationWith.ts'
import { ownOf } from '../../tree/name.ts'
import { field, type KerasLayer, number } from './config.ts'
import { unsupported } from './wrong.ts'

const byName: ReadonlyMap<string, () => AnyLayer> = new Map<string, () => AnyLayer>([
  ['linear', () => identity],
  ['relu', () => nn.relu],
  ['relu6', () => nn.relu6],
  ['sigmoid', () => nn.sigmoid],
  ['tanh', () => nn.tanh],
  ['softmax', () => nn.softmax],
  ['log_softmax', () => nn.logSoftmax],
  ['elu', () => elu()],
  ['selu', () => nn.selu],
  ['silu', () => nn.silu],
  ['swish', () => nn.silu],
  ['gelu', () => nn.gelu],
  ['gelu_new', () => nn.geluTanh],
  ['mish', () => nn.mish],
  ['softplus', () => softplus()],
  ['softsign', () => nn.softsign],
  ['log_sigmoid', () => nn.logSigmoid],
])
/** Those that are others before Keras 3. */
const byNameIn3: ReadonlyMap<string, () => AnyLayer> = new Map<string, () => AnyLayer>([
  ['hard_sigmoid', () => nn.hardsigmoid],
  ['hard_swish', () => nn.hardswish],
  ['hard_silu', () => nn.hardswish],
  ['leaky_relu', () => leakyRelu({ slope: 0.2 })],
])

/** A name, or a function as Keras 3 writes it. */
export const nameOf = (found: unknown): unknown =>
  ownOf(found, 'class_name') === 'function' ? ownOf(found, 'config') : found

/** The activation that a layer ends with. */
export const activationOf = (layer: KerasLayer): AnyLayer => {
  const name = nameOf(field(layer, 'activation') ?? 'linear')
  const make = byName.get(name as string) ?? (layer.isKeras3 ? byNameIn3.get(name as string) : undefined)
  if (make !== undefined) return make()
  throw unsupported('an activation of the catalogue', brief(name))
}

/** The layer ReLU, with whatever options have a counterpart. */
export const reluOf = (layer: KerasLayer): AnyLayer => {
  const [slope, threshold, most] = [
    number(layer, 'negative_slope', 0),
    number(layer, 'threshold', 0),
    field(layer, 'max_value'),
  ]
  if (threshold === 0 && slope === 0 && most === undefined) return nn.relu
  if (threshold === 0 && slope === 0 && most === 6) return nn.relu6
  if (threshold === 0 && most === undefined) return leakyRelu({ slope })
  throw unsupported('a ReLU up to 6, or with a slope below 0', brief(layer.config))
}

/** The layer LeakyReLU, whose slope has another name in Keras 3. */
export const leakyReluOf = (layer: KerasLayer): AnyLayer =>
  leakyRelu({ slope: number(layer, field(layer, 'negative_slope') === undefined ? 'alpha' : 'negative_slope', 0.3) })

export const eluOf = (layer: KerasLayer): AnyLayer => elu({ alpha: number(layer, 'alpha', 1) })
