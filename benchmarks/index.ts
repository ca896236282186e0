// All benchmarks that need no peers, one after the other, each in a process of its own. Options are handed on.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const loader = `--import=${new URL('../spec/support/ts.mjs', import.meta.url)}`

for (const name of ['kernel', 'layer', 'train', 'scale']) {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const { status } = spawnSync(process.execPath, [loader, file, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
