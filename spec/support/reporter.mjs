// tap reporter: a line per spec file, each failure in full, and the counts as the closing line.
import { Transform } from 'node:stream'
import { Parser } from 'tap-parser'

export default class Brief extends Transform {
  #tap = new Parser()
  #n = { passed: 0, failed: 0, skipped: 0 }

  constructor() {
    super({ decodeStrings: false, encoding: 'utf8' })
    this.#follow(this.#tap, [])
  }

  #say(line) {
    this.push(`${line}\n`)
  }

  #fail(path, diag) {
    this.#n.failed++
    this.#say(`not ok: ${path.join(' > ')}`)
    if (diag) this.#say(JSON.stringify({ ...diag, args: undefined, stdio: undefined }, null, 2))
  }

  #follow(parser, path) {
    const isRoot = path.length === 0
    let inner = 0 // points counted since the latest child began
    const total = () => this.#n.passed + this.#n.failed + this.#n.skipped
    parser.on('child', (child) => {
      inner = total()
      this.#follow(child, [...path, child.name])
    })
    if (isRoot) {
      parser.on('comment', (c) => c.startsWith('# ERROR') && this.#say(c.trim()))
      parser.on('bailout', (why) => this.#fail([`bail out: ${why}`]))
    }
    let failures = 0
    parser.on('assert', ({ ok, name, diag, skip, todo, time, closingTestPoint }) => {
      if (isRoot) this.#say(`${ok ? 'ok' : 'not ok'} ${name} ${Math.round(time ?? 0)} ms`)
      const counted = closingTestPoint && total() > inner
      const silentFailure = isRoot && !ok && this.#n.failed === failures // a crash or time-out after passing points
      if (!counted || silentFailure) {
        if (skip || todo) this.#n.skipped++
        else if (ok) this.#n.passed++
        else this.#fail([...path, name], diag)
      }
      failures = this.#n.failed
    })
  }

  _transform(chunk, _encoding, done) {
    this.#tap.write(String(chunk))
    done()
  }

  _flush(done) {
    this.#tap.end()
    const { passed, failed, skipped } = this.#n
    this.#say(`${passed} passed, ${failed} failed, ${skipped} skipped`)
    done()
  }
}
