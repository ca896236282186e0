// Small models of TensorFlow.js, written by hand.

export type Json = { readonly [name: string]: unknown }
type Spec = {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
}
type Dense = {
  readonly class_name: string
  readonly config: Json & { readonly name: string; readonly units: number }
}

export const floats = (...numbers: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(numbers).buffer)

/** A tensor of the manifest. */
export const spec = (name: string, shape: readonly number[], dtype = 'float32'): Spec => ({ name, shape, dtype })

/** A model.json of a topology, with its weights in one file. */
export const model = (modelTopology: Json, weights: readonly object[] = []): string =>
  JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest: [{ paths: ['w.bin'], weights }] })

/** A dense layer. */
export const dense = (name: string, inputs: number, units: number): Dense => ({
  class_name: 'Dense',
  config: { name, units, batch_input_shape: [null, inputs] },
})

/** A sequential model of layers; the first, a dense one of two inputs, has the first weights. */
export const sequential = (layers: readonly Json[], more?: readonly Spec[]): string => {
  const [first] = layers as readonly Dense[]
  const name = first?.config.name
  const own = first?.class_name === 'Dense' ? [spec(`${name}/kernel`, [2, 1]), spec(`${name}/bias`, [1])] : []
  return model({ class_name: 'Sequential', config: { layers } }, [...own, ...(more ?? [])])
}
