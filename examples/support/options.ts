// Options of a command: numbers with a default and a range, read from the command line.
import { parseArgs } from 'node:util'

export interface NumberOption {
  readonly initial: number
  readonly about: string
  readonly whole?: boolean
  readonly least: number
  readonly most: number
}

const help = (command: string, about: string, options: Readonly<Record<string, NumberOption>>): string =>
  [
    `${command}: ${about}`,
    '',
    ...Object.entries(options).map(([name, o]) => `  --${name.padEnd(8)} ${o.about} (${o.initial})`),
    '  --help     this text',
  ].join('\n')

const read = (name: string, { initial, whole = true, least, most }: NumberOption, text: string | undefined): number => {
  if (text === undefined) return initial
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isSafeInteger(value))) return value
  throw new Error(
    `--${name}: expected ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}, got '${text}'`,
  )
}

/**
 * The options given on the command line. Prints the help and ends the program if asked to; ends it with one line and exit code
 * 2 if a value or a name is wrong.
 */
export const numberOptions = <O extends Readonly<Record<string, NumberOption>>>(
  command: string,
  about: string,
  options: O,
): { readonly [K in keyof O]: number } => {
  try {
    const names = Object.fromEntries(Object.keys(options).map((name) => [name, { type: 'string' as const }]))
    const { values } = parseArgs({ options: { ...names, help: { type: 'boolean' } } })
    if (values.help === true) {
      console.log(help(command, about, options))
      process.exit(0)
    }
    const given = values as Readonly<Record<string, string | undefined>>
    return Object.fromEntries(Object.entries(options).map(([name, o]) => [name, read(name, o, given[name])])) as never
  } catch (e) {
    const [line] = (e instanceof Error ? e.message : String(e)).split('\n')
    console.error(`${command}: ${line} (--help tells more)`)
    process.exit(2)
  }
}
