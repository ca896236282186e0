// Options of a benchmark: text with a default, read from the command line.
import { parseArgs } from 'node:util'

export interface Option {
  readonly initial: string
  readonly about: string
}

/** The options given on the command line. Prints the help if asked to; a wrong name ends the program. */
export const options = <O extends Readonly<Record<string, Option>>>(
  command: string,
  about: string,
  declared: O,
): { readonly [K in keyof O]: string } => {
  try {
    const types = Object.fromEntries(Object.keys(declared).map((name) => [name, { type: 'string' as const }]))
    const { values: read } = parseArgs({ options: { ...types, help: { type: 'boolean' } } })
    const values: Readonly<Record<string, string | boolean | undefined>> = read
    if (values.help === true) {
      const lines = Object.entries(declared).map(([name, o]) => `  --${name.padEnd(10)} ${o.about} (${o.initial})`)
      console.log([`${command}: ${about}`, '', ...lines].join('\n'))
      process.exit(0)
    }
    return Object.fromEntries(
      Object.entries(declared).map(([name, { initial }]) => [name, (values[name] as string | undefined) ?? initial]),
    ) as never
  } catch (e) {
    console.error(`${command}: ${e instanceof Error ? e.message : e} (--help tells more)`)
    process.exit(2)
  }
}

/** A list of names separated by commas. */
export const names = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

/** An option that is a number and not negative. */
export const number = (name: string, text: string): number => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new Error(`--${name}: a number above 0, not '${text}'`)
}
