// pullback as a participant: MANIFEST WORKLOAD THREADS ENGINE. After the engine's name may stand one of the ways of
// ways.ts: 'wasm-2+compiled'. See ../support/protocol.ts.
import { readFileSync } from 'node:fs'
import * as E from '#fp/Either'
import { engineOf } from '../support/engines.ts'
import { type Absent, type Runner, serve } from '../support/protocol.ts'
import { readNumbers } from './files.ts'
import { workloadOf } from './index.ts'
import { predicting } from './prediction.ts'
import { wayOf } from './ways.ts'
import { beginning, scanning } from './workload.ts'

const [manifest = '', name = '', , engine = ''] = process.argv.slice(2)
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const [base = '', way = 'plain'] = engine.split('+')
const scans = wayOf(way).every > 1
const { threads, use } = engineOf(base)
const used = await use()
const workload = workloadOf(name)
const numbers = readNumbers(manifest, name)

/** Steps are compiled once, not for each turn. */
const madeOnce = <A>(make: (noisy: boolean) => A): ((noisy: boolean) => A) => {
  const made = new Map<boolean, A>()
  return (noisy) => {
    const found = made.get(noisy) ?? make(noisy)
    made.set(noisy, found)
    return found
  }
}

const participant = (): Runner | Absent => {
  if (E.isLeft(used)) return { name: engine, absent: used.left }
  const about = { name: engine, version: `${version}, ${used.right}`, threads }
  if (workload.task === 'train') {
    const begin = madeOnce((noisy) => beginning(workload, numbers, { noisy, way }))
    const many = madeOnce((noisy) => scanning(workload, numbers, { noisy, way }))
    return { ...about, begin: (noisy) => begin(noisy)(), ...(scans ? { many } : {}) }
  }
  if (scans) return { name: engine, absent: 'one prediction does not follow from another: nothing is scanned' }
  const step = predicting(workload, numbers, { way })
  return { ...about, begin: () => step }
}

await serve(participant())
