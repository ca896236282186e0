import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type AnyLayer, gradCheck, init, type Key, key, random, show, type Tree } from '../index.ts'
import { command } from './command.ts'
import { Failure } from './failure.ts'
import { flag } from './options.ts'
import { say, sayJson } from './output.ts'

/** How many examples a layer is checked on. */
const examples = 3

const isRecord = (u: unknown): u is { readonly [name: string]: unknown } =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** How long an axis is that may have any size. */
const anySize = 4

/** Random examples for a port: the shape of one, or a record of such. */
const drawn = (port: unknown, at: Key): Tree => {
  if (Array.isArray(port)) return random.normal(at, [examples, ...port.map((n) => (n < 0 ? anySize : n))], 'float64')
  if (isRecord(port))
    return Object.fromEntries(Object.entries(port).map(([name, part]) => [name, drawn(part, random.foldIn(at, name))]))
  throw new Failure(
    'expected a layer that says what it takes, got one that takes any shape; compose(input([3]), …) says so',
    'wrong-argument',
  )
}

const layerIn = async (file: string): Promise<AnyLayer> => {
  const module = (await import(pathToFileURL(resolve(file)).href)) as { readonly default?: unknown }
  const layer = module.default
  if (isRecord(layer) && typeof layer.apply === 'function' && 'input' in layer) return layer as unknown as AnyLayer
  throw new Failure(
    `${file}: expected a layer as the default export, got ${layer === undefined ? 'none' : typeof layer}`,
    'not-a-layer',
  )
}

/** Checks the gradients of a layer. */
export const check = command({
  name: 'check',
  about: 'checks the gradients of the layer that a module exports as default',
  positionals: ['MODULE.mjs'],
  options: { json: flag('prints one JSON document and nothing else') },
  more: `The module is run. Its layer is checked at random parameters and inputs, against differences; the exit code
is 1 if a gradient is wrong.

  pullback check layer.mjs`,
  work: async ({ json }, [file = '']) => {
    const layer = await layerIn(file)
    const { params, state } = init(layer, key(0))
    const report = gradCheck(layer, { params, state, input: drawn(layer.input, key(1)) as never })
    if (json) sayJson(report)
    else say(show(report))
    return report.pass ? undefined : 1
  },
})
