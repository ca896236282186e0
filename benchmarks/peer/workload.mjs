// A workload from its manifest: its tensors as typed arrays with shapes.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array }

export const readWorkload = (path, name) => {
  const workload = JSON.parse(readFileSync(path, 'utf8'))[name]
  const read = ({ file, dtype, shape }) => {
    const data = new arrays[dtype](new Uint8Array(readFileSync(join(dirname(path), file))).buffer)
    return { data, shape }
  }
  const params = Object.fromEntries(Object.entries(workload.params).map(([name, t]) => [name, read(t)]))
  return { ...workload, params, input: read(workload.input), target: read(workload.target) }
}

/** The dense layers' names, first to last. */
export const layersOf = ({ params }) => [...new Set(Object.keys(params).map((name) => name.split('.')[0]))]

/** A tensor with its axes in another order: the weights of a dense layer are [out, in] in the files. */
export const permuted = ({ data, shape }, order) => {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1))
  const to = order.map((axis) => shape[axis])
  const out = new data.constructor(data.length)
  const index = to.map(() => 0)
  for (let p = 0; p < out.length; p++) {
    out[p] = data[index.reduce((at, i, axis) => at + i * strides[order[axis]], 0)]
    for (let axis = to.length - 1; axis >= 0; axis--) {
      index[axis]++
      if (index[axis] < to[axis]) break
      index[axis] = 0
    }
  }
  return { data: out, shape: to }
}

/** Class labels as rows of zeros with a one. */
export const oneHot = ({ data }, classes) => {
  const rows = new Float32Array(data.length * classes)
  data.forEach((label, i) => {
    rows[i * classes + label] = 1
  })
  return { data: rows, shape: [data.length, classes] }
}

/** A package of this folder, or undefined where none is installed. */
export const optional = async (load) => {
  try {
    return await load()
  } catch (e) {
    if (e.code === 'ERR_MODULE_NOT_FOUND' || e.code === 'MODULE_NOT_FOUND') return undefined
    throw e
  }
}

export const howToInstall = 'not installed: npm run bench:install'

export const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`./node_modules/${name}/package.json`, import.meta.url), 'utf8')).version
