import { together } from '../support/together.ts'

await together('combinator', 'layer', 'network', 'nn')
