import type { Raw } from '../../tensor/view.ts'

/** The first entry of a view in its buffer, and the one after the last. */
export const spanOf = ({ shape, stride, offset }: Raw): readonly [from: number, to: number] => {
  let [from, to] = [offset, offset + 1]
  for (let i = 0; i < shape.length; i++) {
    const d = ((shape[i] as number) - 1) * (stride[i] as number)
    if (d < 0) from += d
    else to += d
  }
  return [from, to]
}
