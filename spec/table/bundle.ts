// The reader in a bundle for browsers, which has no Buffer, no streams of Node and no process; and a core without the reader.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import t from 'tap'
import { output, root } from '../support/run.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

const bundled = async (program: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    alias: { 'pullback/table': './lib/table/index.ts', pullback: './lib/index.ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text as string
}

t.test('it reads what it reads in Node', async (t) => {
  const program = `
import { showIssues } from 'pullback'
import { readTable, tableSource, writeCsv } from 'pullback/table'
const text = 'x,kind\\r\\n1.5,"a ""b"""\\n\\n2,é\\r3,é'
const told = (r) => r._tag === 'Left' ? showIssues(r.left) : [r.right.schema, Array.from(r.right.columns.x)]
const schema = { x: { kind: 'number' }, kind: { kind: 'category', labels: ['a "b"', 'é'] } }
const sizes = []
for await (const { input } of tableSource(() => new Blob([text]), schema, { size: 2, target: 'kind', task: 'classes' }).epoch(0, 0)) sizes.push(input.shape)
const long = 'x\\n' + '1\\n2\\n'.repeat(100000)
const count = (await readTable(new Blob([long]))()).right.count
globalThis.found = JSON.stringify([told(await readTable(new Blob([text]))()), sizes, count, told(await readTable('')()), told(await readTable('x\\n1\\n"2')()), told(await readTable('x,y\\n1,"2"3\\n4,5\\n6,7\\n')())])
`
  const file = join(root, '.tap', 'table.mjs')
  const script = await bundled(program)
  t.notMatch(script, /from ?"(node:|buffer|stream)/)
  writeFileSync(file, `delete globalThis.Buffer\n${script}\nconsole.log(found)`)
  const node = await output(process.execPath, [file])
  t.same(JSON.parse(node), [
    [{ x: { kind: 'number' }, kind: { kind: 'category', labels: ['a "b"', 'é'] } }, [1.5, 2, 3]],
    [
      [2, 1],
      [1, 1],
    ],
    200_000,
    'expected the names of the columns and rows, got an empty file [bad-table]',
    'line 3, column x: expected a closing quote, got the end of the file; close the quote that opens in this row, and write a quote within a cell twice [bad-table]',
    'line 2, column y: expected a delimiter or the end of the row behind a closing quote, got other text; write a quote within a cell twice [bad-table]',
  ])
  if (!existsSync(executablePath)) return
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.addScriptTag({ content: script, type: 'module' })
    await page.waitForFunction('globalThis.found !== undefined')
    t.equal(`${await page.evaluate('globalThis.found')}\n`, node, 'and in a page')
  } finally {
    await browser.close()
  }
})

t.test('the core does not load it', async (t) => {
  const script = await bundled("import * as pullback from 'pullback'\nconsole.log(Object.keys(pullback).length)")
  t.notMatch(script, /CSV_|max_record_size/)
})
