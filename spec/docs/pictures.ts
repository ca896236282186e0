// The pictures of docs/pictures/ are what docs/pictures.ts draws, to the bit; they are small, well-formed, and shown on some page.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { pictures } from '../../docs/pictures.ts'
import { pages } from '../../docs/site/pages.ts'
import { root } from '../support/run.ts'

const folder = join(root, 'docs/pictures')
const committed = (name: string): string => readFileSync(join(folder, `${name}.svg`), 'utf8')

t.test('each file has its drawing, and each drawing its file', async (t) => {
  t.same(
    readdirSync(folder).sort(),
    Object.keys(pictures)
      .map((name) => `${name}.svg`)
      .sort(),
  )
})

for (const [name, draw] of Object.entries(pictures))
  t.test(`${name} is drawn again to the bit`, async (t) => {
    const drawn = await draw()
    t.ok(drawn === committed(name), `npm run docs:pictures ${name} draws it anew; look at it`)
    t.ok(Buffer.byteLength(drawn) < 40_000, 'under 40 kB')
    t.match(
      drawn,
      /^<svg xmlns="[^"]+" viewBox="0 0 [\d.]+ [\d.]+" [^<>]+>\n<title>.+<\/title><desc>.+<\/desc><style>@media/,
    )
    t.notMatch(drawn, /NaN|undefined|Infinity|href=|url\(|<script/)
  })

t.test('each picture is shown on a page, with words for those who do not see it', async (t) => {
  const shown = pages.flatMap(({ text }) => [...text.matchAll(/!\[([^\]]+)\]\([^)]*?pictures\/([\w-]+)\.svg\)/g)])
  for (const name of Object.keys(pictures)) {
    const [, words = ''] = shown.find(([, , picture]) => picture === name) ?? []
    t.ok(words.length > 20, name)
  }
})
