// Options of a command: numbers with a default and a range, choices, texts, and flags, read from the command line.
import { parseArgs } from 'node:util'

export interface NumberOption {
  readonly initial: number
  readonly about: string
  readonly whole?: boolean
  readonly least: number
  readonly most: number
}
export interface ChoiceOption {
  readonly initial: string
  readonly about: string
  readonly choices: readonly string[]
}
export interface TextOption {
  readonly initial: string
  readonly about: string
}
/** It is true if it is given, and takes no value. */
export interface FlagOption {
  readonly initial: false
  readonly about: string
}
type Option = NumberOption | ChoiceOption | TextOption | FlagOption

/** A size, with its default. */
export const size = (initial: number, about: string, most = 10_000): NumberOption => ({
  initial,
  least: 1,
  most,
  about,
})

export const seed: NumberOption = {
  initial: 0,
  least: 0,
  most: Number.MAX_SAFE_INTEGER,
  about: 'the same seed gives the same numbers',
}

/** The values of a command's options. */
export type OptionValues<O> = {
  readonly [K in keyof O]: O[K] extends { readonly choices: readonly (infer C)[] }
    ? C
    : O[K] extends { readonly initial: string }
      ? string
      : O[K] extends FlagOption
        ? boolean
        : number
}

const help = (command: string, about: string, options: Readonly<Record<string, Option>>): string => {
  const width = Math.max(...Object.keys(options).map((name) => name.length))
  return [
    `${command}: ${about}`,
    '',
    ...Object.entries(options).map(([name, o]) => {
      const values = 'choices' in o ? `${o.choices.join(' or ')}; ` : ''
      const shown = o.initial === false ? '' : ` (${values}${o.initial})`
      return `  --${name.padEnd(width)}  ${o.about}${shown}`
    }),
    `  --${'help'.padEnd(width)}  this text`,
  ].join('\n')
}

const readNumber = (name: string, { whole = true, least, most }: NumberOption, text: string): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isSafeInteger(value))) return value
  throw new Error(
    `--${name}: expected ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}, got '${text}'`,
  )
}
const readChoice = (name: string, { choices }: ChoiceOption, text: string): string => {
  if (choices.includes(text)) return text
  throw new Error(`--${name}: expected ${choices.join(' or ')}, got '${text}'`)
}
const read = (name: string, option: Option, text: string | true | undefined): number | string | boolean => {
  if (text === undefined) return option.initial
  if (text === true) return true
  if ('choices' in option) return readChoice(name, option, text)
  return 'least' in option ? readNumber(name, option, text) : text
}

/**
 * The options given on the command line. Prints the help and ends the program if asked to; ends it with one line and
 * exit code 2 if a value or a name is wrong.
 */
export const options = <const O extends Readonly<Record<string, Option>>>(
  command: string,
  about: string,
  given: O,
): OptionValues<O> => {
  try {
    const names = Object.fromEntries(
      Object.entries(given).map(([name, { initial }]) => [
        name,
        { type: initial === false ? ('boolean' as const) : ('string' as const) },
      ]),
    )
    const { values } = parseArgs({ options: { ...names, help: { type: 'boolean' } } })
    if (values.help === true) {
      console.log(help(command, about, given))
      process.exit(0)
    }
    const texts = values as Readonly<Record<string, string | true | undefined>>
    return Object.fromEntries(Object.entries(given).map(([name, o]) => [name, read(name, o, texts[name])])) as never
  } catch (e) {
    const [line] = (e instanceof Error ? e.message : String(e)).split('\n')
    console.error(`${command}: ${line} (--help tells more)`)
    process.exit(2)
  }
}
