// docs/api.md is what the sources say: every export by its namespace and name, with a sentence and a link to the file that has it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as pullback from 'pullback'
import * as chart from 'pullback/chart'
import * as interop from 'pullback/interop'
import * as mpi from 'pullback/mpi'
import * as node from 'pullback/node'
import * as numpy from 'pullback/numpy'
import * as onnx from 'pullback/onnx'
import * as reference from 'pullback/reference'
import * as relaxed from 'pullback/relaxed'
import * as table from 'pullback/table'
import * as workers from 'pullback/workers'
import t from 'tap'
import { apiPage, entries } from '../../docs/api.ts'
import { root } from '../support/run.ts'

type Named = readonly [name: string, value: unknown]

/** What a module exports, and what the modules in it do: 'relu' and 'op.relu' are two. */
const exported = (module: object): readonly Named[] =>
  Object.entries(module).flatMap(([name, value]: Named) =>
    Object.prototype.toString.call(value) === '[object Module]'
      ? Object.entries(value as object).map(([inner, v]) => [`${name}.${inner}`, v] as const)
      : [[name, value] as const],
  )
const listed = entries()

t.test('the page agrees with the sources', async (t) => {
  t.equal(readFileSync(join(root, 'docs/api.md'), 'utf8'), apiPage(), 'npm run docs:api prints it anew')
})

t.test('every export is listed, under its namespace, with the file that has it', async (t) => {
  for (const [name, value] of [
    pullback,
    node,
    mpi,
    numpy,
    onnx,
    reference,
    relaxed,
    chart,
    table,
    interop,
    workers,
  ].flatMap(exported)) {
    const found = listed.filter((entry) => entry.name === name && !entry.isType)
    t.equal(found.length, 1, name)
    for (const { file, own } of found) {
      const module = (await import(pathToFileURL(join(root, file)).href)) as Readonly<Record<string, unknown>>
      t.equal(module[own], value, `${own} in ${file}`)
    }
  }
})

t.test('every value has a sentence that describes it', async (t) => {
  t.same(
    listed.filter(({ isType, summary }) => !isType && summary === '').map(({ name }) => name),
    [],
  )
})
