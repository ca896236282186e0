// The modules that a program can import, and their marks in compiled programs.

export const modules = ['pullback', 'playground'] as const

export const markOf = (name: string): string => `playground-module:${name}`

const fileOf: Readonly<Record<(typeof modules)[number], string>> = { pullback: 'pullback.js', playground: 'kit.js' }

/** A compiled program whose marks are addresses in a folder. */
export const linked = (code: string, folder: string): string =>
  modules.reduce((text, name) => text.replaceAll(`"${markOf(name)}"`, JSON.stringify(folder + fileOf[name])), code)
