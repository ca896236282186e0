// Runs all benchmarks that need no peers, one after the other, each in its own process. Options are passed on.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const loader = `--import=${new URL('../spec/support/ts.mjs', import.meta.url)}`

for (const name of ['kernel', 'layer', 'train', 'scale']) {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const { status } = spawnSync(process.execPath, [loader, file, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
