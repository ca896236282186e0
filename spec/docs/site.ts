// The site of the documents: it builds, its links and anchors lead somewhere, it loads nothing from elsewhere, and the search finds every
// public name.
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import t from 'tap'
import { entries } from '../../docs/api.ts'
import { blocksOf } from '../../docs/site/block.ts'
import { pages } from '../../docs/site/pages.ts'
import { output, root } from '../support/run.ts'
import { buildSite, siteAbsent, siteBase, siteFiles, siteFolder, sitePages } from '../support/site.ts'

t.setTimeout(600_000)

const attribute = (text: string): string => decodeURIComponent(text.replace(/&amp;/g, '&'))
const isElsewhere = (address: string): boolean => /^(?:[a-z]+:)?\/\//.test(address)

t.test('it builds, and its own programs have no errors of type', siteAbsent, async (t) => {
  await t.resolves(buildSite())
  await t.resolves(output('npm', ['run', 'typecheck', '--prefix', 'docs']))
})

t.test('every link and every anchor of the pages leads somewhere', siteAbsent, async (t) => {
  const files = new Set(siteFiles())
  const pages = sitePages()
  const ids = new Map(
    pages.map(({ path, text }) => [
      path,
      new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => attribute(id))),
    ]),
  )
  const fileOf = (page: string, path: string): string | undefined => {
    if (path === '') return page
    if (path.startsWith('/') && !path.startsWith(siteBase)) return undefined
    const plain = path.startsWith('/') ? path.slice(siteBase.length) : posix.join(posix.dirname(page), path)
    return [plain, posix.join(plain, 'index.html')].find((name) => files.has(name))
  }
  const lost = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/<[a-z]+[^>]*?\s(?:href|src)="([^"]*)"/g)].flatMap(([, raw = '']) => {
      const link = attribute(raw)
      if (/^[a-z]+:/.test(link)) return []
      const [to = '', id] = link.split('#')
      const file = fileOf(path, to)
      return file !== undefined && (id === undefined || id === '' || ids.get(file)?.has(id)) ? [] : [`${path}: ${link}`]
    }),
  )
  t.same([...new Set(lost)], [])
})

t.test('a page loads nothing from elsewhere, and says so to the browser', siteAbsent, async (t) => {
  for (const { path, text } of sitePages()) {
    const loaded = [...text.matchAll(/<(?:script|img|link|iframe|source|video)[^>]*\s(?:src|href)="([^"]*)"/g)]
    t.same(loaded.map(([, address = '']) => address).filter(isElsewhere), [], path)
    t.match(text, /<meta http-equiv="content-security-policy" content="default-src 'self'/, path)
    t.notMatch(text, /unsafe-eval'(?<!wasm-unsafe-eval')/, path)
  }
})

const words = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:lt|#x3C);/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')

/** The `ts` blocks of a built page, with the types that they show on hover and the sentences below their lines. */
const shown = (path: string): readonly { readonly types: readonly string[]; readonly sentences: readonly string[] }[] =>
  readFileSync(join(siteFolder, path), 'utf8')
    .split('<div class="language-ts ')
    .slice(1)
    .map((rest) => {
      const block = rest.slice(0, rest.indexOf('</pre>'))
      const after = (name: string, end: RegExp): readonly string[] =>
        block
          .split(`<span class="${name} vp-copy-ignore"`)
          .slice(1)
          .map((html) => words(html.slice(html.indexOf('>') + 1).split(end)[0] ?? ''))
      return {
        types: after('type', /<\/span><\/span>/),
        sentences: [...after('answer', /\n|<span class="line">/), ...after('refusal', /<\/span>/)],
      }
    })

t.test('every program of the guide shows its types on hover, and below a line what is refused', siteAbsent, (t) => {
  const guide = pages.filter(({ path }) => path.startsWith('docs/guide/'))
  for (const { path, text } of guide) {
    const html = path.replace(/^docs\/(.*)\.md$/, '$1.html')
    const [written, built] = [blocksOf(text), shown(html)]
    t.equal(built.length, written.length, `${path}: all its programs`)
    for (const [i, { types, sentences }] of built.entries()) {
      t.ok(types.length > 2 && types.every((type) => type.length > 3), `${path}: types of program ${i + 1}`)
      const { errors = [], asked = [] } = written[i] ?? {}
      t.equal(sentences.length > 0, errors.length + asked.length > 0, `${path}: sentences of program ${i + 1}`)
    }
  }
  const all = (path: string) => shown(path).flatMap(({ types, sentences }) => [...types, ...sentences])
  const says = (path: string, sentence: RegExp) =>
    t.ok(
      all(path).some((said) => sentence.test(said)),
      `${sentence}`,
    )
  says(
    'guide/layers.html',
    /^const net: Layer<readonly \[784\], readonly \[10\], \{\s+readonly L1: LinearParams<784, 128>;/,
  )
  says('guide/layers.html', /^takes \[784\], but the layer before gives \[3136\]$/)
  says('guide/tensors.html', /^const scores: Tensor<readonly \[32, 10\], "float32">$/)
  says('guide/errors.html', /^'L' is the name of an earlier layer: give one of the two another name$/)
  const continued = shown('guide/ranks.html')[2]?.types ?? []
  t.ok(
    continued.some((type) => type.startsWith('const learn: (comm: Communicator) => Promise<')),
    'of the block before',
  )
  t.end()
})

t.test('what a page costs to load, compressed as a host would', siteAbsent, async (t) => {
  const kilobytes = (start: string): number =>
    siteFiles()
      .filter((name) => name.startsWith(start))
      .reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(siteFolder, name))).length / 1000, 0)
  const limits: Readonly<Record<string, number>> = {
    'assets/app': 10,
    'assets/chunks/framework': 50,
    'assets/chunks/theme': 50,
    'assets/chunks/@localSearchIndex': 200,
    'assets/style': 30,
    'index.html': 15,
    'cookbook.html': 40,
    'guide/ranks.html': 40,
    'reference/optim.html': 40,
  }
  for (const [start, limit] of Object.entries(limits)) {
    const size = kilobytes(start)
    t.ok(size > 0 && size <= limit, `${start}: ${size.toFixed(1)} kB of ${limit}`)
  }
  // A page's types are text in its HTML, and no program.
  for (const name of siteFiles().filter((name) => /^assets\/guide_.*\.lean\.js$/.test(name)))
    t.ok(statSync(join(siteFolder, name)).size < 10_000, name)
})

interface Found {
  readonly id: string
}

/** The search as the site's own box calls it. */
const search = async (): Promise<(query: string) => readonly string[]> => {
  const file = siteFiles().find((name) => name.startsWith('assets/chunks/@localSearchIndexroot')) as string
  const index = (await import(pathToFileURL(join(siteFolder, file)).href)) as { readonly default: string }
  const { default: MiniSearch } = (await import(
    pathToFileURL(createRequire(join(root, 'docs/package.json')).resolve('minisearch')).href
  )) as {
    readonly default: {
      loadJSON: (json: string, options: object) => { readonly search: (query: string) => readonly Found[] }
    }
  }
  const found = MiniSearch.loadJSON(index.default, {
    fields: ['title', 'titles', 'text'],
    storeFields: ['title', 'titles'],
    searchOptions: { fuzzy: 0.2, prefix: true, boost: { title: 4, text: 2, titles: 1 } },
  })
  return (query) => found.search(query).map(({ id }) => id)
}

t.test('the search finds every public name, among the first', siteAbsent, async (t) => {
  const find = await search()
  for (const { name } of entries()) {
    const place = find(name).findIndex(
      (id) => id.startsWith(`${siteBase}reference/`) && id.endsWith(`#${name.replace('.', '-')}`),
    )
    t.ok(place >= 0 && place < 20, `${name}: place ${place + 1}`)
  }
  t.ok(
    find('cross entropy').some((id) => id.endsWith('#softmaxCrossEntropy')),
    'a long name by its words',
  )
})
