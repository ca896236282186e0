// Each pass gives a program that gives the same bits, and what it is for.
import {
  adam,
  batchNorm,
  compose,
  conv2d,
  dropout,
  engine,
  flatten,
  fromArray,
  input,
  key,
  linear,
  maxPool2d,
  named,
  random,
  relu,
  softmaxCrossEntropy,
  start,
  tanh,
  trainStep,
} from 'pullback'
import t from 'tap'
import { interpret } from '../../lib/kernel/interpret.ts'
import { loaders } from '../../lib/kernel/loaders.ts'
import { type Loaded, type Program, type ProgramCall, viewsOf } from '../../lib/kernel/program.ts'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { checksAside, frugal, withoutDead } from '../../lib/program/passes.ts'
import { type Recording, record } from '../../lib/program/record.ts'
import { partsOf } from '../../lib/program/step.ts'
import type { Data } from '../../lib/tensor/data.ts'
import { raw } from '../../lib/tensor/view.ts'
import type { AnyTensor } from '../../lib/type/tensor.ts'

const norm = compose(named('a', linear(3, 8)), named('n', batchNorm(8)), relu, dropout({ drop: 0.4 }))
const networks = {
  dense: [compose(named('a', linear(3, 4)), tanh, named('b', linear(4, 2))), [3]],
  normed: [compose(norm, named('b', linear(8, 2))), [3]],
  images: [
    compose(
      input([6, 6, 1]),
      named('c', conv2d(1, 2, { kernel: 3 })),
      relu,
      maxPool2d(2),
      flatten,
      named('b', linear(8, 2)),
    ),
    [6, 6, 1],
  ],
} as const

/** The step of a network as it is recorded, without any pass, with its tensors and its numbers. */
const recorded = (name: keyof typeof networks) => {
  const [net, shape] = networks[name]
  const step = trainStep(net as never, softmaxCrossEntropy as never, adam(0.01))
  const batch = { input: random.normal(key(1), [5, ...shape]), target: fromArray([0, 1, 1, 0, 1], [5], 'int32') }
  const parts = partsOf(step)
  if (parts === undefined) throw new Error('expected the parts of a step')
  const args = [parts.state(start(net as never, adam(0.01), key(2)) as never), parts.item(batch as never)]
  const recording = record(engine(), parts.core as never, args, true)
  const tensors: AnyTensor[] = []
  const visit = (x: unknown): void => {
    if (typeof x !== 'object' || x === null) return
    if ('shape' in x && 'dtype' in x) tensors.push(x as AnyTensor)
    else for (const part of Object.values(x)) visit(part)
  }
  visit(args)
  return { recording, tensors }
}

/** The outputs of two runs, one after the other. */
const outputs = (loaded: Loaded, { program, numbers }: Recording, tensors: readonly AnyTensor[]): readonly Data[] => {
  const session = loaded.open()
  if (session === undefined) throw new Error('expected room for a session')
  tensors.forEach((x, i) => {
    session.write(i, raw(x))
  })
  const given = [0, 0, 2, 0, 0]
  numbers.complete(given)
  const found = [0, 1].flatMap(() => {
    session.run(given)
    return program.outputs.map((_, i) => session.read(i).slice())
  })
  session.close?.()
  return found
}

const passes = { withoutDead, frugal, checksAside, all: (p: Program) => checksAside(frugal(withoutDead(p))) }
const same = (a: readonly Data[], b: readonly Data[]): boolean =>
  a.length === b.length && a.every((x, i) => x.every((v, k) => Object.is(v, b[i]?.[k])))
const isCheck = (c: ProgramCall): boolean => c.kernel === 'check'

for (const name of Object.keys(networks) as (keyof typeof networks)[]) {
  t.test(`${name}: a pass changes no bit`, async (t) => {
    const { recording, tensors } = recorded(name)
    const { program } = recording
    const expected = outputs(engine().load(program, loaders), recording, tensors)
    const plain = outputs(interpret(program, reference), recording, tensors)
    t.ok(expected.some((x) => x.some((v) => v !== 0)))
    for (const [pass, change] of Object.entries(passes)) {
      t.ok(
        same(outputs(engine().load(change(program), loaders), recording, tensors), expected),
        `${pass} on ${engine().name}`,
      )
      t.ok(same(outputs(interpret(change(program), reference), recording, tensors), plain), `${pass} on reference`)
    }
  })
}

t.test('calls that nobody reads are left out', async (t) => {
  const { recording } = recorded('dense')
  const { program } = recording
  const [call] = program.calls.filter((c) => !isCheck(c))
  const idle = { ...(call as ProgramCall), results: [{ id: 1e6, dtype: 'float32', length: 20 }] } as ProgramCall
  const changed = withoutDead({ ...program, calls: [...program.calls, idle] })
  t.same(changed.calls, withoutDead(program).calls)
  t.equal(changed.calls.filter(isCheck).length, program.calls.filter(isCheck).length, 'but checks are kept')
})

t.test('results are used up soon, after what they are made of', async (t) => {
  const { program } = recorded('images').recording
  const bytes = (p: Program): number => engine().load(p, loaders).bytes
  t.ok(bytes(frugal(program)) <= bytes(program), `${bytes(frugal(program))} of ${bytes(program)} bytes`)
  const made = new Set([...program.inputs, ...program.constants.map((c) => c.place)])
  for (const call of frugal(program).calls) {
    t.ok(viewsOf(call).every((x) => made.has(x.place)))
    for (const place of call.results) made.add(place)
  }
})

t.test('checks stand at the ends', async (t) => {
  const { calls } = checksAside(recorded('dense').recording.program)
  const kinds = calls.map((c) => (isCheck(c) ? 'check' : 'kernel')).join(' ')
  t.match(kinds, /^(check )+(kernel )+check( check)*$/)
})
