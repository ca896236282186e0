import { together } from '../support/together.ts'

await together('chart', 'codec', 'interop', 'numpy', 'onnx', 'table')
