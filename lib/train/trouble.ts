// Where numbers that are not finite begin: a training step runs once more, and each part of the network is watched.
import { unboxed } from '../diff/boxed.ts'
import { type AnyLayer, lazy } from '../layer/layer.ts'
import type { LooseApply } from '../layer/records.ts'
import { mapParts } from '../layer/structure.ts'
import type { Loss } from '../loss/loss.ts'
import { toTypedArray } from '../tensor/to.ts'
import { thousands } from '../text/table.ts'
import { entries, leaves, type Tree } from '../tree/tree.ts'
import { type Around, type Given, slopeOf } from './slope.ts'

/** A sentence that says where it began, and the names of the layer that it names. */
export interface Trouble {
  readonly text: string
  readonly path: readonly string[]
  /** True if parameters were not finite before the step ran. */
  readonly isOlder: boolean
}

/** The count of NaN and infinite numbers in a tree. */
const wrongIn = (tree: Tree): number =>
  leaves(tree).reduce((n, t) => {
    for (const x of toTypedArray(unboxed(t))) if (!Number.isFinite(x)) n++
    return n
  }, 0)

const labelOf = (path: readonly string[], kind: string): string =>
  path.length === 0 ? kind : `${path.join('.')} (${kind})`

/** Where a step began to have numbers that are not finite, on the way forward or else back; undefined if all are. */
export const troubleOf = (
  layer: AnyLayer,
  loss: Loss<never, never>,
  { params, ...before }: Around<unknown> & { readonly params: unknown },
  { input, target }: Given<unknown>,
): Trouble | undefined => {
  const older = entries(params as Tree).flatMap(([path, t]) => (wrongIn(t) === 0 ? [] : [path.join('.')]))
  const found: { readonly text: string; readonly path: readonly string[] }[] = []
  const isForward = (label: string, path: readonly string[], value: Tree): void => {
    const wrong = found.length === 0 ? wrongIn(value) : 0
    if (wrong === 0) return
    const size = leaves(value).reduce((n, t) => n + t.size, 0)
    found.push({
      text: `the first that is not finite is ${label}: ${thousands(wrong)} of ${thousands(size)} numbers`,
      path,
    })
  }
  const isBack = (label: string, path: readonly string[], gradient: Tree): Tree => {
    if (found.length === 0 && wrongIn(gradient) > 0)
      found.push({ text: `the first gradient that is not finite comes out of ${label}`, path })
    return gradient
  }
  const watched = mapParts(layer, (part, path) => {
    const label = labelOf(path, part.kind)
    const apply: LooseApply = (own, state, context, x) => {
      isForward(`the input of ${label}`, path, x)
      const step = (part.apply as LooseApply)(own, state, context, x)
      isForward(label, path, step.value)
      const pullback: typeof step.pullback = (dy) => {
        isBack(`what follows ${label}`, path, dy)
        const back = step.pullback(dy)
        return {
          params: lazy(() => isBack(label, path, back.params())),
          input: lazy(() => isBack(label, path, back.input())),
        }
      }
      return { ...step, pullback }
    }
    return { ...part, apply }
  })
  const whole: LooseApply = (...args) => {
    const step = (watched.apply as LooseApply)(...args)
    isForward('output', [], step.value)
    return { ...step, pullback: (dy) => step.pullback(isBack('loss', [], dy)) }
  }
  for (const [path, t] of entries(input as Tree)) isForward(labelOf(path, 'input'), path, t)
  const { value } = slopeOf({ ...watched, apply: whole }, loss as never)(params as never, before, {
    input: input as never,
    target,
  })
  isForward('loss', [], value)
  const [first] = found
  if (older.length === 0) return first && { ...first, isOlder: false }
  return {
    text: `not finite before it ran: the parameters ${older.join(', ')}`,
    path: first?.path ?? [],
    isOlder: true,
  }
}
