// Writes torch/ours.npz, weights made here for PyTorch to load: node --import=./spec/support/ts.mjs spec/interop/ours.mjs
import { writeFileSync } from 'node:fs'
import { apply, init, key, random } from 'pullback'
import { toStateDict } from 'pullback/interop'
import { encodeNpz } from 'pullback/numpy'
import { cnn, mlp } from '../support/interop.ts'

const x = random.normal(key(1), [16, 8, 8, 1])
const begun = init(cnn, key(0))
const { state } = apply(cnn, begun, { mode: 'train', key: key(2) }, x)
const under = (name, tensors) => Object.entries(tensors).map(([n, t]) => [`${name}.${n}`, t])
const tensors = [
  ...under('cnn', toStateDict(cnn, { params: begun.params, state })),
  ...under('mlp', toStateDict(mlp, init(mlp, key(3)), { fc1: '0', fc2: '2' })),
]
writeFileSync(new URL('torch/ours.npz', import.meta.url), encodeNpz(Object.fromEntries(tensors), { compress: true }))
