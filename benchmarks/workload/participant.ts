// pullback as a participant: MANIFEST WORKLOAD THREADS ENGINE. See ../support/protocol.ts.
import { readFileSync } from 'node:fs'
import * as E from '#fp/Either'
import { engineOf } from '../support/engines.ts'
import { serve } from '../support/protocol.ts'
import { readNumbers } from './files.ts'
import { workloadOf } from './index.ts'
import { beginning } from './workload.ts'

const [manifest = '', workload = '', , engine = ''] = process.argv.slice(2)
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const { threads, use } = engineOf(engine)
const used = await use()
const numbers = readNumbers(manifest, workload)

await serve(
  E.isLeft(used)
    ? { name: engine, absent: used.left }
    : {
        name: engine,
        version: `${version}, ${used.right}`,
        threads,
        begin: (noisy) => beginning(workloadOf(workload), numbers, noisy)(),
      },
)
