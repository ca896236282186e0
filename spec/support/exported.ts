import { entries } from '../../docs/api.ts'

/** The names, but for types, that the package exports from the files of lib/ whose path matches; without their namespaces. */
export const exportedFrom = (path: RegExp): readonly string[] =>
  entries()
    .filter(({ file, isType }) => !isType && path.test(file.replace('lib/', '')))
    .map(({ name }) => name.split('.').at(-1) as string)
    .sort()
