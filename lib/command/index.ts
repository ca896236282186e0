#!/usr/bin/env node
// The command `pullback`: training, predicting and looking into files from the command line.
import { createRequire } from 'node:module'
import type { Command } from './command.ts'
import { UsageError } from './options.ts'
import { printable } from './output.ts'
import { isFirst, rank } from './place.ts'

/** The subcommands; each is loaded when it is called. */
const commands: { readonly [name: string]: () => Promise<Command> } = {
  train: async () => (await import('./train.ts')).train,
  predict: async () => (await import('./predict.ts')).predict,
  evaluate: async () => (await import('./evaluate.ts')).evaluate,
  inspect: async () => (await import('./inspect.ts')).inspect,
  convert: async () => (await import('./convert.ts')).convert,
  check: async () => (await import('./check.ts')).check,
}

const version = (): string => (createRequire(import.meta.url)('pullback/package.json') as { version: string }).version

const help = async (): Promise<string> => {
  const all = await Promise.all(Object.values(commands).map((load) => load()))
  return [
    'pullback COMMAND …',
    '',
    ...all.map(({ name, about }) => `  ${name.padEnd(10)}${about}`),
    '',
    '  pullback COMMAND --help tells more; --version prints the version.',
  ].join('\n')
}

const run = async ([first, ...rest]: readonly string[]): Promise<number | undefined> => {
  if (first === '--version' || first === '-v') process.stdout.write(`${version()}\n`)
  else if (first === '--help' || first === '-h' || first === 'help') process.stdout.write(`${await help()}\n`)
  else {
    const load = first !== undefined && Object.hasOwn(commands, first) ? commands[first] : undefined
    const actual = first === undefined ? 'nothing' : `'${first}'`
    if (load === undefined)
      throw new UsageError(`expected a command, ${Object.keys(commands).join(', ')}, got ${actual}`)
    return (await load()).run(rest)
  }
  return undefined
}

/** A line of at most 600 letters, which keeps the code at its end. */
const shortened = (line: string): string => {
  const [code = ''] = / \[[a-z-]+\]$/.exec(line) ?? []
  return line.length > 600 ? `${line.slice(0, 599 - code.length)}…${code}` : line
}

/** Seconds within which rank 0 says what all ranks have found, and its end is that of all. */
const turn = 2

/** An error in one to three lines; where it arose is told if DEBUG is set. Another rank than 0 says it if no other does. */
const failed = async (args: readonly string[], e: unknown): Promise<number> => {
  if (!isFirst) await new Promise((resolve) => setTimeout(resolve, 1000 * turn))
  const isUsage = e instanceof UsageError
  const name = isUsage && args[0] !== undefined && Object.hasOwn(commands, args[0]) ? ` ${args[0]}` : ''
  const lines = (e instanceof Error ? e.message : String(e)).split('\n').slice(0, 3)
  const text = lines.map(shortened).join('\n')
  process.stderr.write(`pullback${name}: ${isFirst ? '' : `rank ${rank}: `}${printable(text)}\n`)
  if (process.env.DEBUG) console.error(e)
  return isUsage ? 2 : 1
}

const args = process.argv.slice(2)

// A command that writes files goes on when its output cannot be written; any other ends. A reader that goes away, as
// head does, is no failure; output that is lost, on a full disk, is one.
const writesFiles = /^(train|convert)$/.test(args[0] ?? '') || args.some((arg) => /^--out(=|$)/.test(arg))
process.stderr.on('error', () => {})
process.stdout.on('error', () => {})
process.stdout.once('error', ({ code, message }: NodeJS.ErrnoException) => {
  const isLost = code !== 'EPIPE'
  if (isLost) process.stderr.write(`pullback: cannot write to standard output: ${message}\n`)
  if (!writesFiles) process.exit(isLost ? 1 : 0)
  if (isLost)
    process.once('exit', () => {
      process.exitCode ||= 1
    })
})

// Of several ranks the first does alone what they cannot share.
const isBusy = isFirst || args[0] === 'train'
// The code is set and the process left to end, since a pipe may still hold output.
process.exitCode = isBusy ? await run(args).catch((e: unknown) => failed(args, e)) : 0
