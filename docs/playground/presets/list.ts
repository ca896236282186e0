// The programs that the page offers, in the order of its list. Each has a file of its name in this folder.
import type { DataName } from '../settings.ts'

export interface Preset {
  readonly name: string
  readonly title: string
  /** The data that it needs, if it does not suit all. */
  readonly data?: DataName | undefined
}

export const presets: readonly Preset[] = [
  { name: 'two-layers', title: 'Two layers' },
  { name: 'line', title: 'One layer' },
  { name: 'deep', title: 'Four layers' },
  { name: 'residual', title: 'Residual blocks' },
  { name: 'penalty', title: 'With a penalty' },
  { name: 'layer', title: 'A layer of your own' },
  { name: 'convolution', title: 'Convolutions', data: 'digits' },
]
