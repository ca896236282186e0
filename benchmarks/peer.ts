// Compares pullback with its peers: the same training steps from the same numbers, in turns in one run.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare, type Result } from './peer/compare.ts'
import { bundleOurs, guests, participants } from './peer/participants.ts'
import { targetsTable, timesTable } from './peer/tables.ts'
import { aboutEnvironment, machine } from './support/machine.ts'
import { names, number, options } from './support/options.ts'
import { saveResult } from './support/results.ts'
import { writeWorkloads } from './workload/files.ts'
import { workloadOf, workloads } from './workload/index.ts'

const families = [...new Set(participants.map((p) => p.family))]
/** All but the reference engine run in other ways. */
const usual = families.filter((name) => !name.startsWith('reference+'))
const given = options('bench:peer', 'training steps of pullback and of its peers', {
  workloads: { initial: workloads.map((w) => w.name).join(','), about: 'which workloads' },
  peers: { initial: usual.join(','), about: 'who takes part: engines of ours and peers' },
  guests: { initial: '', about: 'other programs that speak the protocol, as NAME=PROGRAM ARGUMENTS' },
  rounds: { initial: '9', about: 'how often each has its turn' },
  turn: { initial: '150', about: 'milliseconds of a turn' },
  warm: { initial: '1500', about: 'milliseconds that each computes before the first round' },
})

const run = async (): Promise<void> => {
  const chosen = names(given.workloads).map(workloadOf)
  const unknown = names(given.peers).filter((name) => !families.includes(name))
  if (unknown.length > 0) throw new Error(`--peers: ${families.join(', ')}, not ${unknown.join(', ')}`)
  const present = [...participants.filter((p) => names(given.peers).includes(p.family)), ...guests(given.guests)]
  const times = {
    rounds: number('rounds', given.rounds),
    turn: number('turn', given.turn),
    warm: number('warm', given.warm),
  }
  const { date, processor, cores, node } = machine()
  console.log(`${date}, ${processor}, ${cores} cores, Node ${node}\n${aboutEnvironment}`)

  const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
  try {
    await bundleOurs()
    const manifest = writeWorkloads(folder, chosen)
    const results: Result[] = []
    for (const workload of chosen) {
      const found = await compare(workload, present, manifest, times)
      results.push(...found)
      console.log(`\n${workload.name}: ${workload.about}\n${timesTable(found)}`)
    }
    console.log(`\n${targetsTable(results)}`)
    const rows = results.map(({ participant: { family, ours, threads }, hello, ...rest }) => ({
      ...rest,
      family,
      ours,
      threads,
      ...(hello.absent === undefined ? { version: hello.version } : { absent: hello.absent }),
    }))
    console.log(`\n${saveResult('peer', { ...times, results: rows })}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  await run()
} catch (e) {
  console.error(`\nbench:peer failed: ${e instanceof Error ? e.message : e}`)
  process.exitCode = 1
}
