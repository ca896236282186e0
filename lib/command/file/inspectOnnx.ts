import { FormatError } from '../../index.ts'
import { listOnnx, type OnnxList } from '../../onnx/index.ts'
import { table, thousands } from '../../text/table.ts'
import { counted } from '../output.ts'

/** The tensors, ports, operators and texts of a model of ONNX. Nothing in it is run. */
export const inspectedOnnx = (file: string, bytes: Uint8Array) => {
  const found = listOnnx(bytes)
  if (found._tag === 'Left') throw new FormatError({ ...found.left, file })
  return { file, format: 'onnx', bytes: bytes.length, ...found.right }
}

const shape = (sizes: readonly number[] | undefined): string =>
  sizes === undefined ? '?' : `[${sizes.map((n) => (n < 0 ? '?' : n)).join(', ')}]`

/** The same as text, for people. */
export const shownOnnx = (seen: OnnxList & { readonly file: string; readonly bytes: number }): string => {
  const { file, bytes, tensors, external, inputs, outputs, operators, opsets, producer, metadata } = seen
  const ports = [...inputs.map((port) => ['input', port] as const), ...outputs.map((port) => ['output', port] as const)]
  const versions = Object.entries(opsets).map(([domain, version]) => `${domain} ${version}`)
  const texts = Object.entries({ producer, ...metadata }).filter(([, text]) => text !== '')
  return [
    `${file}: onnx, ${counted(bytes, 'byte')}, ${counted(tensors.length, 'tensor')}, operators of ${versions.join(', ')}`,
    ...(external.length === 0 ? [] : [`numbers are in ${external.join(', ')}`]),
    table(
      ['', 'name', 'dtype', 'shape'],
      [
        ...ports.map(([what, port]) => [what, port.name, port.type, shape(port.shape)]),
        ...tensors.map(({ name, dtype, shape: sizes }) => ['tensor', name, dtype, shape(sizes)]),
      ],
    ),
    '',
    table(
      ['operator', 'nodes'],
      Object.entries(operators).map(([name, count]) => [name, thousands(count)]),
      [1],
    ),
    ...(texts.length === 0 ? [] : ['', 'texts of the file', ...texts.map(([name, text]) => `  ${name}: ${text}`)]),
  ].join('\n')
}
