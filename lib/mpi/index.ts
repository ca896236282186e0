export { type MpiOptions, mpi } from './mpi.ts'
