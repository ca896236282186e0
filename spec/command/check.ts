import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folder } from '../support/command.ts'
import { root, run } from '../support/run.ts'

const hook = join(root, 'spec/support/ts.mjs')
/** From the sources: the module that is checked imports the library too. */
const check = (...args: readonly string[]) =>
  run(process.execPath, [`--import=${hook}`, join(root, 'lib/command/index.ts'), 'check', ...args])

const module = (name: string, code: string): string => {
  writeFileSync(join(folder, name), code)
  return join(folder, name)
}
/** A linear layer whose cotangents of the input are some times as large as they should be. */
const scaled = (factor: number): string => `
import { linear, op } from 'pullback'
const own = linear(3, 2)
const apply = (params, state, context, x) => {
  const step = own.apply(params, state, context, x)
  const input = (dy) => op.scale(step.pullback(dy).input(), ${factor})
  return { ...step, pullback: (dy) => ({ params: step.pullback(dy).params, input: () => input(dy) }) }
}
export default { ...own, apply }
`

t.test('a right and a wrong pullback, modules that will not do', async (t) => {
  const [right, wrong, json, none, any, broken, absent] = await Promise.all([
    check(module('right.mjs', scaled(1))),
    check(module('wrong.mjs', scaled(1.01))),
    check(module('wrong.mjs', scaled(1.01)), '--json'),
    check(module('none.mjs', 'export const net = 3')),
    check(module('any.mjs', "import { relu } from 'pullback'\nexport default relu")),
    check(module('broken.mjs', 'export default (')),
    check(join(folder, 'absent.mjs')),
  ])
  t.equal(right.code, 0, right.stderr)
  t.match(right.stdout, /params\.W +1 +\[2, 3\] +pass[\s\S]*gradient check: pass \(tolerance 0\.000001\)\n$/)
  t.equal(wrong.code, 1)
  t.match(wrong.stdout, /input +1 +\[3, 3\] +FAIL[\s\S]*gradient check: FAIL/)
  t.equal(json.code, 1)
  t.equal(JSON.parse(json.stdout).pass, false)
  t.same([none.code, any.code, broken.code, absent.code], [1, 1, 1, 1])
  t.match(none.stderr, /none\.mjs: expected a layer as the default export, got none/)
  t.match(any.stderr, /expected a layer that says what it takes/)
  for (const { stderr } of [none, any, broken, absent]) t.ok(stderr.trim().split('\n').length <= 3, stderr)
})
