export { map_f32, map_f64 } from './elementwise'
