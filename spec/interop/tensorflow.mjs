// Runs the program of TensorFlow.js in docs/from-tensorflow.md and writes its figures to tensorflow.json.
// TensorFlow.js is no dependency here: `npm run bench:install` installs it for the benchmarks, and this borrows it.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(new URL('../../benchmarks/peer/package.json', import.meta.url))
const tf = require('@tensorflow/tfjs')
tf.env().set('PROD', true)

// In Node it has no IndexedDB: a model is kept in memory under that address.
const kept = new Map()
const isKept = (address) => typeof address === 'string' && address.startsWith('indexeddb://')
const saveTo = (address) =>
  tf.io.withSaveHandler(async (artifacts) => {
    kept.set(address, artifacts)
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }
  })
tf.io.registerSaveRouter((address) => (isKept(address) ? saveTo(address) : null))
tf.io.registerLoadRouter((address) => (isKept(address) ? { load: async () => kept.get(address) } : null))

const page = readFileSync(new URL('../../docs/from-tensorflow.md', import.meta.url), 'utf8')
const [, program] = /^```js\n([\s\S]*?)^```/m.exec(page)
const body = program.replace(/^import .*\n/, '')
const AsyncFunction = (async () => {}).constructor
const found = await new AsyncFunction('tf', `${body}\nreturn { kernels, history, loss, accuracy, probabilities }`)(tf)

const versions = { tensorflow: tf.version.tfjs, backend: tf.getBackend(), node: process.version }
const file = fileURLToPath(new URL('tensorflow.json', import.meta.url))
writeFileSync(file, JSON.stringify({ versions, program, ...found }))
execFileSync('node_modules/.bin/biome', ['format', '--write', file])
