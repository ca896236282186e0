import { readFileSync } from 'node:fs'

/** The names, but for types, that the package exports from the files of lib/ whose path matches. */
export const exportedFrom = (path: RegExp): readonly string[] =>
  [
    ...readFileSync(new URL('../../lib/index.ts', import.meta.url), 'utf8').matchAll(
      /^export \{([^}]*)\} from '\.\/([^']*)'/gm,
    ),
  ]
    .filter(([, , file = '']) => path.test(file))
    .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
    .filter((name) => name !== '' && !name.startsWith('type '))
    .sort()
