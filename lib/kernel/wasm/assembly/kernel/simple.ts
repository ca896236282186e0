// Functions of each entry that take few steps, on the lanes of a vector. The build makes a loop for each name in
// names.ts.

@inline
export function neg<T>(x: v128): v128 { return v128.neg<T>(x) }
@inline
export function abs<T>(x: v128): v128 { return v128.abs<T>(x) }
@inline
export function sqrt<T>(x: v128): v128 { return v128.sqrt<T>(x) }
@inline
export function relu<T>(x: v128): v128 { return v128.andnot(x, v128.le<T>(x, v128.splat<T>(0))) }
@inline
export function scale<T>(x: v128, p: v128): v128 { return v128.mul<T>(x, p) }
@inline
export function shift<T>(x: v128, p: v128): v128 { return v128.add<T>(x, p) }
@inline
export function atLeast<T>(x: v128, p: v128): v128 { return v128.bitselect(p, x, v128.lt<T>(x, p)) }
@inline
export function atMost<T>(x: v128, p: v128): v128 { return v128.bitselect(p, x, v128.gt<T>(x, p)) }
@inline
export function below<T>(x: v128, p: v128): v128 { return v128.and(v128.splat<T>(1), v128.lt<T>(x, p)) }
@inline
export function leakyRelu<T>(x: v128, p: v128): v128 { return positive<T>(x, v128.mul<T>(p, x), x) }

@inline
export function floor<T>(x: v128): v128 { return v128.floor<T>(x) }
@inline
export function round<T>(x: v128): v128 { return v128.nearest<T>(x) }

@inline
export function add<T>(x: v128, y: v128): v128 { return v128.add<T>(x, y) }
@inline
export function sub<T>(x: v128, y: v128): v128 { return v128.sub<T>(x, y) }
@inline
export function mul<T>(x: v128, y: v128): v128 { return v128.mul<T>(x, y) }
@inline
export function div<T>(x: v128, y: v128): v128 { return v128.div<T>(x, y) }
@inline
export function addScaled<T>(x: v128, y: v128, p: v128): v128 { return v128.add<T>(x, v128.mul<T>(p, y)) }
@inline
export function maximum<T>(x: v128, y: v128): v128 { return v128.max<T>(x, y) }
@inline
export function minimum<T>(x: v128, y: v128): v128 { return v128.min<T>(x, y) }
@inline
export function prelu<T>(x: v128, y: v128): v128 { return positive<T>(x, v128.mul<T>(x, y), x) }
@inline
export function maskAbove<T>(d: v128, x: v128, p: v128): v128 { return v128.and(d, v128.gt<T>(x, p)) }
@inline
export function maskLeaky<T>(d: v128, x: v128, p: v128): v128 { return positive<T>(d, v128.mul<T>(p, d), x) }
@inline
export function greater<T>(x: v128, y: v128): v128 { return v128.and(v128.splat<T>(1), v128.gt<T>(x, y)) }
@inline
export function greaterEqual<T>(x: v128, y: v128): v128 { return v128.and(v128.splat<T>(1), v128.ge<T>(x, y)) }

/** x where `at` is above zero, else `other`. */
@inline
export function positive<T>(x: v128, other: v128, at: v128): v128 {
  return v128.bitselect(x, other, v128.gt<T>(at, v128.splat<T>(0)))
}
