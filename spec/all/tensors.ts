import { together } from '../support/together.ts'

await together('comm', 'data', 'diff', 'error', 'explain', 'loss', 'preprocess', 'random', 'tensor', 'tree')
