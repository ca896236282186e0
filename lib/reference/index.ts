export { reference } from '../kernel/reference/reference.ts'
