export function map_f32(f: i32, x: usize, y: usize, n: i32, p: f64): void {}
export function map_f64(f: i32, x: usize, y: usize, n: i32, p: f64): void {}
