// Prints docs/layouts.md from the table of layers: what each is called elsewhere, and how its variables lie there.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Elsewhere, LayerLayout, Library, VariableLayout } from 'pullback/interop'
import { layouts } from 'pullback/interop'

const libraries: readonly (readonly [Library, string])[] = [
  ['torch', 'PyTorch'],
  ['onnx', 'ONNX'],
  ['keras', 'Keras'],
]
const names = libraries.map(([, name]) => name)

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const table = (heading: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  row(heading),
  `|${'---|'.repeat(heading.length)}`,
  ...rows.map(row),
  '',
]
const code = (text: string): string => `\`${text}\``
const shape = (axes: string): string => code(`[${axes.split(' ').join(', ')}]`)

const called = (layout: LayerLayout): readonly string[] => [
  code(layout.layer),
  ...libraries.map(([library]) => layout[library] ?? ''),
]

/** A variable elsewhere: its name, and its axes where they are in another order. */
const there = ({ axes }: VariableLayout, elsewhere: Elsewhere | undefined): string => {
  if (elsewhere === undefined) return ''
  if (elsewhere.alone !== undefined) return `${code(elsewhere.name)}, or ${code(elsewhere.alone)}`
  return elsewhere.axes === undefined || elsewhere.axes === axes
    ? code(elsewhere.name)
    : `${code(elsewhere.name)} ${shape(elsewhere.axes)}`
}

const variables = ({ layer, variables = [] }: LayerLayout): readonly (readonly string[])[] =>
  variables.map((variable) => [
    code(layer),
    `${code(variable.name)} ${shape(variable.axes)}`,
    ...libraries.map(([library]) => there(variable, variable[library])),
  ])

const parts = ({ layer, parts = {} }: LayerLayout): readonly (readonly string[])[] =>
  Object.entries(parts).map(([name, elsewhere]) => [
    code(layer),
    code(name),
    ...libraries.map(([library]) => (elsewhere[library] === undefined ? '' : code(elsewhere[library]))),
  ])

const defaults = ({ layer, defaults = [] }: LayerLayout): readonly (readonly string[])[] =>
  defaults.map((entry) => [code(layer), entry.of, entry.here, ...libraries.map(([library]) => entry[library] ?? '')])

/** The page. */
export const layoutsPage = (): string =>
  [
    '# Layers elsewhere',
    '',
    'What each layer of the catalogue is called in PyTorch, ONNX and Keras (whose names TensorFlow.js shares), how its',
    'variables are called and lie there, and which defaults differ. The page is printed from the table `layouts` of',
    '[`pullback/interop`](../lib/interop/layout/layouts.ts) by `npm run docs:layouts`; `fromStateDict`, `toStateDict` and',
    '`fromTfjs` work by the same table. [files.md](files.md#weights-of-pytorch) tells how weights are loaded, and',
    '[coming-from.md](coming-from.md) about everything that is not a layer.',
    '',
    '## Names',
    '',
    'In ONNX a layer is the operator that is read as such, or, with “and”, the operators that `toOnnx` writes for it.',
    '',
    ...table(['pullback', ...names], layouts.map(called)),
    '## Variables',
    '',
    'Axes are given where they differ. `in` is the number of input channels of one group; `features` are the last axes of',
    'an example, one or several. The running moments of `batchNorm` are its state, all else are parameters.',
    '',
    ...table(['layer', 'pullback', ...names], layouts.flatMap(variables)),
    'In ONNX the gates of recurrent operators are in another order (below), `B` and `C` are inputs of a Gemm, and `[0]` is',
    'the one direction.',
    '',
    'A vector that was flattened from an image has the order height, width, channels here and in Keras, and channels,',
    'height, width in PyTorch and ONNX: the inputs of the next `linear` are in another order there. Variables of a layer',
    'that have one name there are rows of one tensor, in this order; the second name is for those that cannot be, since',
    'the memory has other features than the input.',
    '',
    '## Parts',
    '',
    'Blocks have layers of other names there:',
    '',
    ...table(['layer', 'pullback', ...names], layouts.flatMap(parts)),
    '## Defaults that differ, or are told otherwise',
    '',
    ...table(['layer', 'what', 'pullback', ...names], layouts.flatMap(defaults)),
  ].join('\n')

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(fileURLToPath(new URL('.', import.meta.url)), 'layouts.md'), layoutsPage())
