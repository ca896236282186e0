export { type RelaxedOptions, relaxed } from './relaxed.ts'
