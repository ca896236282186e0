// Workloads as files that any language reads: for each tensor its numbers, row-major and little-endian, and one
// manifest.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type AnyTensor, type DType, fromArray, type Shape, type Tree, toTypedArray, tree } from 'pullback'
import { draw, type Numbers, type Workload } from './workload.ts'

interface TensorFile {
  readonly file: string
  readonly dtype: DType
  readonly shape: Shape
}

interface WorkloadFiles {
  readonly task: Workload['task']
  readonly kind: Workload['kind']
  readonly activation: Workload['activation']
  readonly loss: Workload['loss']
  readonly dtype: Workload['dtype']
  readonly batch: number
  readonly outputs: number
  readonly optimizer: Workload['optimizer']
  readonly learningRate: number
  /** The share that timed steps drop after each ReLU; 0 for no dropout. */
  readonly drop: number
  /** By dotted names, from the first layer to the last. */
  readonly params: Readonly<Record<string, TensorFile>>
  readonly input: TensorFile
  readonly target: TensorFile
}

type Manifest = Readonly<Record<string, WorkloadFiles>>

/** Draws the numbers of some workloads and writes them to a folder; gives the path of the manifest. */
export const writeWorkloads = (folder: string, workloads: readonly Workload[]): string => {
  mkdirSync(folder, { recursive: true })
  const write = (file: string, t: AnyTensor): TensorFile => {
    const data = toTypedArray(t)
    writeFileSync(join(folder, file), new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    return { file, dtype: t.dtype, shape: t.shape }
  }
  const files = (workload: Workload): WorkloadFiles => {
    const { params, input, target } = draw(workload)
    const { name, task, kind, activation, optimizer, learningRate, dropout, loss, dtype, batch, outputs } = workload
    const named = tree.entries(params).map(([path, t]) => {
      const dotted = path.join('.')
      return [dotted, write(`${name}.${dotted}.bin`, t)] as const
    })
    return {
      task,
      kind,
      activation,
      loss,
      dtype,
      batch,
      outputs,
      optimizer,
      learningRate,
      drop: dropout?.drop ?? 0,
      params: Object.fromEntries(named),
      input: write(`${name}.input.bin`, input),
      target: write(`${name}.target.bin`, target),
    }
  }
  const manifest: Manifest = Object.fromEntries(workloads.map((w) => [w.name, files(w)]))
  const path = join(folder, 'manifest.json')
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`)
  return path
}

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const

/** A workload read back: its description and a reader of its tensors. */
export const readWorkload = (path: string, name: string) => {
  const found = (JSON.parse(readFileSync(path, 'utf8')) as Manifest)[name]
  if (found === undefined) throw new Error(`${path} has no workload '${name}'`)
  const array = ({ file, dtype }: TensorFile) =>
    new arrays[dtype](new Uint8Array(readFileSync(join(dirname(path), file))).buffer)
  return { ...found, array }
}

/** The numbers of a workload read back as tensors. */
export const readNumbers = (path: string, name: string): Numbers => {
  const { params, input, target, array } = readWorkload(path, name)
  const tensor = (t: TensorFile): AnyTensor => fromArray(array(t), t.shape, t.dtype)
  const flat = Object.fromEntries(Object.entries(params).map(([dotted, t]) => [dotted, tensor(t)]))
  return { params: tree.unflatten(flat) as Tree, input: tensor(input), target: tensor(target) }
}
