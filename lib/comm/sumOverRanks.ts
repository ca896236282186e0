import { leading } from '../diff/mapped.ts'
import { type Operation, primitive } from '../diff/primitive.ts'
import { exchanged } from '../kernel/exchange.ts'
import { floatDType } from '../tensor/data.ts'
import { fresh, raw } from '../tensor/view.ts'
import type { Tensor } from '../type/tensor.ts'
import type { Communicator } from './communicator.ts'

type Sum = (x: Tensor, comm: Communicator) => Tensor

/**
 * The sum over the ranks of a communicator, entry by entry, as a differentiable operation: y = Σ xᵣ on each rank. Every
 * rank's loss depends on each xᵣ through its own y, so the cotangent is the sum of the cotangents over the ranks.
 */
export const sumOverRanks: Operation<Sum> = /* @__PURE__ */ primitive<Sum>(
  'sumOverRanks',
  (x, comm) => {
    floatDType('sumOverRanks', x)
    if (comm.size === 1) return x
    const [numbers] = exchanged([raw(x)], (n) => {
      comm.allReduce(n as Float32Array, 'sum')
      return undefined
    })
    return fresh(x.shape, numbers as Float32Array)
  },
  (_, __, comm) =>
    function sumOverRanksPullback(d) {
      return [() => sumOverRanks(d, comm), null]
    },
  leading,
)
