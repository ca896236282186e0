// The data that the settings name.
import { key } from 'pullback'
import type { Settings } from '../../settings.ts'
import { type Dataset, dataset } from './dataset.ts'
import { planePoints } from './plane.ts'
import type { TableColumns } from './table.ts'

const count = 600
const trained = 400

/** Tables and digits bring code and bytes of their own, which are loaded only where they are chosen. */
export const choose = async (
  { data, noise, seed, table }: Settings,
  files: string,
  tell: (found: TableColumns) => void,
): Promise<Dataset> => {
  if (data === 'digits') return (await import('./digits.ts')).digits(`${files}digits.bin`)
  if (data === 'table') {
    if (table === undefined) throw new Error('Choose a file of comma-separated values first.')
    return (await import('./table.ts')).table(table, seed, tell)
  }
  const points = planePoints(data, count, noise / 100, key(seed))
  const classes = Math.max(...points.map(({ label }) => label)) + 1
  return dataset(
    Float32Array.from(points.flatMap(({ x, y }) => [x, y])),
    Int32Array.from(points, ({ label }) => label),
    [2],
    trained,
    { labels: Array.from({ length: classes }, (_, label) => `class ${label + 1}`), extent: 1.4 },
  )
}
