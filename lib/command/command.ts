import { parseArgs } from 'node:util'
import { FormatError } from '../error/fileError.ts'
import { forCommand } from './failure.ts'
import { type Options, type OptionValues, UsageError } from './options.ts'
import { say } from './output.ts'

/** A subcommand: what it is called with, and what it does. */
export interface Command {
  readonly name: string
  readonly about: string
  readonly help: string
  /** Does its work; the exit code, if it is not 0. */
  readonly run: (args: readonly string[]) => Promise<number | undefined>
}

interface Definition<O extends Options> {
  readonly name: string
  readonly about: string
  /** The arguments besides options, such as 'DATA.csv'. */
  readonly positionals: readonly string[]
  readonly options: O
  /** Lines of the help behind the options. */
  readonly more?: string | undefined
  readonly work: (options: OptionValues<O>, positionals: readonly string[]) => Promise<number | undefined>
}

const shown = (initial: unknown): string => {
  if (initial === undefined || typeof initial === 'boolean') return ''
  return ` (${Array.isArray(initial) ? initial.join(',') : initial})`
}

const helpOf = ({ name, about, positionals, options, more }: Definition<Options>): string => {
  const rows = [...Object.entries(options), ['help', { about: 'prints this text', initial: false }] as const].map(
    ([option, o]) => [`--${option}${'takes' in o ? ` ${o.takes}` : ''}`, `${o.about}${shown(o.initial)}`] as const,
  )
  const width = Math.max(...rows.map(([left]) => left.length))
  return [
    `pullback ${[name, ...positionals].join(' ')} [options]`,
    '',
    about,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    ...(more === undefined ? [] : ['', more]),
  ].join('\n')
}

const isParseError = (e: unknown): e is Error =>
  e instanceof Error && 'code' in e && String(e.code).startsWith('ERR_PARSE_ARGS')

/** What Node says of it, in one sentence. */
const refusal = ({ message }: Error): string => {
  const [first = ''] = message.split(/\.? To |\n/)
  return message.includes('ambiguous') ? `${first.replace(/\.$/, '')}: write --option=value` : first
}

/** The words of a command line by what they are. */
const parsed = (args: readonly string[], options: Options) => {
  const names = Object.entries(options).map(
    ([name, { takes }]) => [name, { type: takes === undefined ? ('boolean' as const) : ('string' as const) }] as const,
  )
  try {
    const given = { ...Object.fromEntries(names), help: { type: 'boolean' as const, short: 'h' } }
    return parseArgs({ args: [...args], options: given, allowPositionals: true, strict: true })
  } catch (e) {
    if (isParseError(e)) throw new UsageError(refusal(e))
    throw e
  }
}

const read = (name: string, { initial, read }: Options[string], given: unknown): unknown => {
  if (given === undefined) return initial
  try {
    return read(String(given))
  } catch (e) {
    throw e instanceof UsageError ? new UsageError(`--${name}: ${e.sentence}`) : e
  }
}

/** A subcommand from its definition: reads its options, prints its help, and refuses what it is not called with. */
export const command = <const O extends Options>(definition: Definition<O>): Command => {
  const { name, about, positionals, options, work } = definition
  const help = helpOf(definition as unknown as Definition<Options>)
  return {
    name,
    about,
    help,
    run: async (args) => {
      const { values, positionals: given } = parsed(args, options)
      if (values.help === true) {
        say(help)
        return undefined
      }
      if (given.length !== positionals.length) {
        const actual = given.length === 0 ? 'nothing' : given.map((word) => `'${word}'`).join(' ')
        throw new UsageError(`expected ${positionals.join(' ')}, got ${actual}`)
      }
      const texts = values as { readonly [name: string]: unknown }
      const found = Object.entries(options).map(([option, o]) => [option, read(option, o, texts[option])] as const)
      return work(Object.fromEntries(found) as OptionValues<O>, given).catch((e: unknown) => {
        throw e instanceof FormatError ? forCommand(e, Object.keys(options)) : e
      })
    },
  }
}
