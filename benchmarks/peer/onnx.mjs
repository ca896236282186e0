// onnxruntime-node on its processor provider: MANIFEST WORKLOAD THREADS. It predicts and does not train.
import { serve } from '../support/protocol.ts'
import { modelOf } from './onnx_model.mjs'
import { howToInstall, layersOf, optional, readWorkload, versionOf } from './workload.mjs'

const [manifest, name, threads] = process.argv.slice(2)
const self = 'onnxruntime'
const workload = readWorkload(manifest, name)

const absent = (reason) => serve({ name: self, absent: reason })

const run = async () => {
  if (workload.task !== 'predict') return absent('it only predicts')
  const ort = (await optional(() => import('onnxruntime-node')))?.default
  if (ort === undefined) return absent(howToInstall)
  const session = await ort.InferenceSession.create(modelOf(workload, layersOf(workload)), {
    executionProviders: ['cpu'],
    intraOpNumThreads: Number(threads),
    interOpNumThreads: 1,
  })
  const { data, shape } = workload.input
  const feeds = { x: new ort.Tensor('float32', data, shape) }
  const begin = () => async () => (await session.run(feeds)).y.data
  return serve({ name: self, version: versionOf('onnxruntime-node'), threads: Number(threads), begin })
}

await run()
