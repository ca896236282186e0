// The worker of a run: does what the page asks, in the order in which it asks.
import type { Reply, Request } from '../message.ts'
import { redirectConsole } from './console.ts'
import type { Input } from './data/dataset.ts'
import { runOfFile, toFile } from './file.ts'
import { hashOf } from './hash.ts'
import { type Opened, open } from './open.ts'
import { paced } from './pacer.ts'

const post = (reply: Reply | undefined): void => {
  if (reply !== undefined) postMessage(reply)
}

/** Reports on a run: everything at once, or, while it trains, each view as often as it is worth. */
const reporting = ({ trainer, views }: Opened) => {
  let [since, from] = [performance.now(), trainer.latest().step]
  let speed = 0
  let drawn: Input | undefined
  const progress = (): void => {
    const [now, { step, params }] = [performance.now(), trainer.latest()]
    if (now - since > 400) {
      const latest = (1000 * (step - from)) / (now - since)
      speed = speed === 0 ? latest : 0.5 * speed + 0.5 * latest
      since = now
      from = step
    }
    const running = trainer.isRunning()
    post({
      kind: 'progress',
      step,
      losses: trainer.takeLosses(),
      speed: running ? speed : 0,
      hash: hashOf(params),
      running,
    })
  }
  const read = (): void => {
    if (drawn !== undefined) post(views.read(trainer.latest(), drawn))
  }
  const all: readonly (readonly [every: number, act: () => void])[] = [
    [50, progress],
    [60, () => post(views.plane(trainer.latest()))],
    [150, () => post(views.accuracy(trainer.latest()))],
    [200, () => post(views.weights(trainer.latest()))],
    [200, () => post(views.activations(trainer.latest(), drawn))],
    [200, read],
    [200, () => post(views.samples(trainer.latest()))],
    [1000, () => post(views.graph(trainer.latest()))],
  ]
  const pacedViews = all.map(([every, act]) => paced(every, act))
  return {
    everything: () => {
      for (const [, act] of all) act()
    },
    between: () => {
      for (const view of pacedViews) view.run(performance.now())
    },
    draw: (pixels: Float32Array | undefined) => {
      drawn = pixels && views.example(pixels)
      read()
      post(views.activations(trainer.latest(), drawn))
    },
  }
}

type Later = Exclude<Request, { readonly kind: 'open' }>

const answering = (opened: Opened) => {
  const { trainer, views, about } = opened
  const report = reporting(opened)
  report.everything()
  if (views.isQuick) post(views.check(trainer.latest()))
  post({ kind: 'ready', ...about })
  return (request: Later): void => {
    if (request.kind === 'run') void trainer.run(request.pace, report.between).catch(fail)
    if (request.kind === 'read') report.draw(request.pixels)
    if (request.kind === 'check') post(views.check(trainer.latest()))
    if (request.kind === 'save') post({ kind: 'saved', bytes: toFile(request.settings, trainer.latest()) })
    if (request.kind === 'pause') trainer.pause()
    if (request.kind === 'step') trainer.step()
    if (request.kind === 'load') {
      trainer.goOnFrom(runOfFile(trainer.first, request.bytes))
      post({ kind: 'loaded' })
    }
    if (request.kind === 'pause' || request.kind === 'step' || request.kind === 'load') report.everything()
  }
}

const fail = (e: unknown): void => post({ kind: 'failed', text: e instanceof Error ? e.message : String(e) })

let answer: Promise<((request: Later) => void) | undefined> = Promise.resolve(undefined)

redirectConsole(post)
addEventListener('message', ({ data: request }: MessageEvent<Request>) => {
  answer = answer.then(async (answered) => {
    try {
      if (request.kind === 'open') return answering(await open(request, post))
      answered?.(request)
    } catch (e) {
      fail(e)
    }
    return answered
  })
})
addEventListener('unhandledrejection', ({ reason }) => fail(reason))
