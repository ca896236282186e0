// Products divided among threads, by rows or by columns of the result: never inside a sum, so that the bits do not
// depend on the number of threads. A thread waits at its job, a block of memory: first awake, since the next job is
// usually near, then asleep.
import { product } from './product'
import { MR } from './tile'

/**
 * The bytes of a job: its number, the number of the last one done, whether the thread runs, the size of a number, and
 * the arguments.
 */
const JOB: usize = 128
/** How often a thread looks before it goes to sleep: for some tens of microseconds. */
const PATIENCE: i32 = 20000

@inline
function number(id: i32): usize { return <usize>id * JOB }
@inline
function done(id: i32): usize { return <usize>id * JOB + 4 }
@inline
function awake(id: i32): usize { return <usize>id * JOB + 8 }

/** Registers a running thread; returns the number of the last job. */
export function enter(id: i32): i32 {
  const last = atomic.load<i32>(number(id))
  atomic.store<i32>(awake(id), 1)
  return last
}

/**
 * Looks for a job after the last one, and does it. Returns its number; that of the last one if none has come in a
 * while, and then the thread may sleep; −1 if the thread must end.
 */
export function work(id: i32, last: i32): i32 {
  const job = number(id)
  for (let left = PATIENCE; left > 0; left--) {
    const next = atomic.load<i32>(job)
    if (next == last) continue
    const width = load<i32>(job + 12)
    if (width == 0) atomic.store<i32>(awake(id), 0)
    else run(job + 12)
    atomic.store<i32>(done(id), next)
    return width == 0 ? -1 : next
  }
  return last
}

@inline
function argument(job: usize, i: i32): i32 { return load<i32>(job + 4 + ((<usize>i) << 2)) }

function run(job: usize): void {
  const add = argument(job, 0) != 0, M = argument(job, 1), N = argument(job, 2), K = argument(job, 3)
  const A = <usize>argument(job, 4), aRow = argument(job, 5), aCol = argument(job, 6)
  const B = <usize>argument(job, 7), bRow = argument(job, 8), bCol = argument(job, 9)
  const C = <usize>argument(job, 10), cRow = argument(job, 11), ws = <usize>argument(job, 12)
  if (load<i32>(job) == 4) product<f32>(add, M, N, K, A, aRow, aCol, B, bRow, bCol, C, cRow, ws)
  else product<f64>(add, M, N, K, A, aRow, aCol, B, bRow, bCol, C, cRow, ws)
}

@inline
function give(
  id: i32, width: i32, add: bool, M: i32, N: i32, K: i32, A: usize, aRow: i32, aCol: i32, B: usize, bRow: i32, bCol: i32,
  C: usize, cRow: i32, ws: usize,
): void {
  const job = number(id) + 12
  store<i32>(job, width)
  store<i32>(job, add, 4)
  store<i32>(job, M, 8)
  store<i32>(job, N, 12)
  store<i32>(job, K, 16)
  store<i32>(job, <i32>A, 20)
  store<i32>(job, aRow, 24)
  store<i32>(job, aCol, 28)
  store<i32>(job, <i32>B, 32)
  store<i32>(job, bRow, 36)
  store<i32>(job, bCol, 40)
  store<i32>(job, <i32>C, 44)
  store<i32>(job, cRow, 48)
  store<i32>(job, <i32>ws, 52)
  atomic.store<i32>(number(id), (load<i32>(number(id)) + 1) & 0x7fffffff)
  atomic.notify(number(id), 1)
}

/** Ends a thread; tells whether it was running. */
export function end(id: i32): bool {
  if (atomic.load<i32>(awake(id)) == 0) return false
  give(id, 0, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
  while (atomic.load<i32>(done(id)) != load<i32>(number(id))) {}
  return true
}

/** The number of running threads with numbers below n; the first is the caller. */
export function ready(n: i32): i32 {
  let count = 1
  while (count < n && atomic.load<i32>(awake(count))) count++
  return count
}

/** The size of the next part of what is left; a rest smaller than a tile, whose sums have another order, is no part. */
@inline
function next(part: i32, left: i32): i32 { return left - part < MR ? left : part }

/** A product by several threads; `room` is the distance in bytes between their workspaces. */
export function split<T>(
  threads: i32, room: usize, add: bool, M: i32, N: i32, K: i32, A: usize, aRow: i32, aCol: i32, B: usize, bRow: i32,
  bCol: i32, C: usize, cRow: i32, ws: usize,
): void {
  const E = <i32>sizeof<T>()
  const tall = M >= N
  const all = tall ? M : N
  const whole = tall ? MR : 8 // tiles
  const part = ((all + threads - 1) / threads + whole - 1) / whole * whole
  const first = next(part, all)
  let id = 1
  for (let i = first; i < all; ) {
    const n = next(part, all - i)
    const w = ws + <usize>id * room
    if (tall) give(id, E, add, n, N, K, A + <usize>(i * aRow * E), aRow, aCol, B, bRow, bCol, C + <usize>(i * cRow * E), cRow, w)
    else give(id, E, add, M, n, K, A, aRow, aCol, B + <usize>(i * bCol * E), bRow, bCol, C + <usize>(i * E), cRow, w)
    i += n
    id++
  }
  const m = tall ? first : M, n = tall ? N : first
  if (E == 4) product<f32>(add, m, n, K, A, aRow, aCol, B, bRow, bCol, C, cRow, ws)
  else product<f64>(add, m, n, K, A, aRow, aCol, B, bRow, bCol, C, cRow, ws)
  for (let i = 1; i < id; i++) while (atomic.load<i32>(done(i)) != load<i32>(number(i))) {}
}
