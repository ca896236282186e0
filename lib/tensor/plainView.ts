// ndarray's methods without compiled code. ndarray makes its classes with `new Function`; these replace them where a
// page's policy or a flag of Node forbids that: the same names, arguments and results.

/** The fields of ndarray's objects. */
export interface Fields {
  readonly data: { [i: number]: number; readonly length: number }
  readonly shape: readonly number[]
  readonly stride: readonly number[]
  readonly offset: number
}
type Make = (data: Fields['data'], shape: readonly number[], stride: readonly number[], offset: number) => Fields

/** The methods of views of one number format and rank; `make` makes views of any rank. */
export const plainMethods = (dtype: string, rank: number, make: Make): object => {
  const index = (a: Fields, i: readonly number[]): number =>
    a.stride.reduce((p, s, axis) => p + s * (i[axis] ?? 0), a.offset)
  const given = (n: number | null | undefined): n is number => typeof n === 'number'
  return {
    dtype,
    dimension: rank,
    get size(): number {
      return (this as unknown as Fields).shape.reduce((a, b) => a * b, 1)
    },
    get order(): number[] {
      const { stride } = this as unknown as Fields
      return stride.map((_, i) => i).sort((i, j) => Math.abs(stride[i] as number) - Math.abs(stride[j] as number))
    },
    index(this: Fields, ...i: readonly number[]): number {
      return index(this, i)
    },
    get(this: Fields, ...i: readonly number[]): number {
      return this.data[index(this, i)] as number
    },
    set(this: Fields, ...i: readonly number[]): number {
      const value = i[rank] as number
      this.data[index(this, i)] = value
      return value
    },
    lo(this: Fields, ...from: readonly (number | null)[]): Fields {
      const start = this.shape.map((_, i) => (given(from[i]) && (from[i] as number) >= 0 ? (from[i] as number) | 0 : 0))
      const shape = this.shape.map((n, i) => n - (start[i] as number))
      return make(this.data, shape, this.stride, index(this, start))
    },
    hi(this: Fields, ...to: readonly (number | null)[]): Fields {
      const shape = this.shape.map((n, i) => (given(to[i]) && (to[i] as number) >= 0 ? (to[i] as number) | 0 : n))
      return make(this.data, shape, this.stride, this.offset)
    },
    step(this: Fields, ...by: readonly (number | null)[]): Fields {
      let { offset } = this
      const steps = this.shape.map((_, i) => (given(by[i]) ? (by[i] as number) | 0 : 1))
      steps.forEach((d, i) => {
        if (d < 0) offset += (this.stride[i] as number) * ((this.shape[i] as number) - 1)
      })
      const shape = this.shape.map((n, i) => Math.ceil(n / Math.abs(steps[i] as number)))
      return make(
        this.data,
        shape,
        this.stride.map((s, i) => s * (steps[i] as number)),
        offset,
      )
    },
    transpose(this: Fields, ...axes: readonly (number | undefined)[]): Fields {
      const order = this.shape.map((_, i) => axes[i] ?? i)
      return make(
        this.data,
        order.map((i) => this.shape[i] as number),
        order.map((i) => this.stride[i] as number),
        this.offset,
      )
    },
    pick(this: Fields, ...at: readonly (number | null)[]): Fields {
      const fixed = (i: number): boolean => given(at[i]) && (at[i] as number) >= 0
      const offset = this.stride.reduce((p, s, i) => (fixed(i) ? p + s * (at[i] as number) : p), this.offset)
      return make(
        this.data,
        this.shape.filter((_, i) => !fixed(i)),
        this.stride.filter((_, i) => !fixed(i)),
        offset,
      )
    },
  }
}
