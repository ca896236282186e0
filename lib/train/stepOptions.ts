import type { Scalar } from '../loss/loss.ts'
import type { Communicator } from './ranks/communicator.ts'

/** The options of a training step. */
export interface StepOptions<P> {
  /**
   * The ranks that share each minibatch: the step takes this rank's part of it, as `sharded(comm)` gives it, and all
   * ranks make the same update, with the gradient of the mean over all examples. By default there is one.
   */
  readonly comm?: Communicator | undefined
  /**
   * Makes any number of ranks give the same bits: a minibatch is run in blocks of so many examples, by default 16 for
   * `true`, each by itself and with a random key of its own, and their gradients are added in an order that depends on
   * their number alone. So layers that mix examples, such as `batchNorm`, see those of a block. It costs speed, and is
   * for comparing runs. It needs `comm`, which may be `oneProcess`. Give `sharded` the same block.
   */
  readonly exact?: boolean | number | undefined
  /** Sends gradients to the other ranks in half the bytes, as bfloat16 with 8 bits of precision; with `comm`, not with `exact`. */
  readonly compress?: 'bfloat16' | undefined
  /**
   * The checks after each step: that the loss is finite ('loss', the default), that the parameters are finite too
   * ('updates', one more pass over them), or nothing ('none'). A number that is not finite is a `ValueError` that names
   * the layer and the minibatch in which it began.
   */
  readonly guard?: 'loss' | 'updates' | 'none' | undefined
  /** A term of the loss that depends on the parameters, such as `l2(1e-4)`: a function made of operations. */
  readonly penalty?: ((params: P) => Scalar) | undefined
  /**
   * The point at which the gradient for the update is taken, from the parameters and their gradient: `sam(0.05)` is
   * one. The step then runs forward and backward twice, with the same random key.
   */
  readonly probe?: ((params: P, gradient: P) => P) | undefined
}
