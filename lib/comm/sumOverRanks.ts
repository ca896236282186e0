import { leading } from '../diff/mapped.ts'
import { type Operation, primitive } from '../diff/primitive.ts'
import { exchanged } from '../kernel/exchange.ts'
import { floatDType } from '../tensor/data.ts'
import { fresh, raw } from '../tensor/view.ts'
import type { Tensor } from '../type/tensor.ts'
import { sumAsBfloat16 } from './bfloat16.ts'
import type { Group } from './group.ts'

type Sum = (x: Tensor, comm: Group, compress?: 'bfloat16') => Tensor

/**
 * The sum over the ranks of a communicator, entry by entry, as a differentiable operation: y = Σ xᵣ on each rank. With
 * `compress` each rank sends its numbers rounded to bfloat16. Every
 * rank's loss depends on each xᵣ through its own y, so the cotangent is the sum of the cotangents over the ranks.
 */
export const sumOverRanks: Operation<Sum> = /* @__PURE__ */ primitive<Sum>(
  'sumOverRanks',
  (x, comm, compress) => {
    floatDType('sumOverRanks', x)
    if (comm.size === 1) return x
    const [numbers] = exchanged([raw(x)], (n) => {
      if (compress === undefined || !(n instanceof Float32Array)) return comm.begin(n as Float64Array, 'sum')
      sumAsBfloat16(comm, n)
      return undefined
    })
    return fresh(x.shape, numbers as Float32Array)
  },
  (_, __, comm, compress) =>
    function sumOverRanksPullback(d) {
      return [() => sumOverRanks(d, comm, compress), null, null]
    },
  leading,
)
