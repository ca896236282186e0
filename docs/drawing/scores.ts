// The lecture's linear classifier for two φ: no line parts a disc from what lies around it, three conics do.
import {
  adam,
  compile,
  fromNested,
  key,
  linear,
  predict,
  softmaxCrossEntropy,
  start,
  toNested,
  trainStep,
} from 'pullback'
import { chart, type Panel } from 'pullback/chart'
import { draws } from '../../examples/support/draws.ts'
import { rings } from '../../examples/support/rings.ts'
import { boundary, classes, type Matrix, scoresOf } from './plane.ts'

const plane = { x: [-2.5, 2.5], y: [-1.5, 1.5] } as const
export const names = ['class 1: disc', 'class 2: ring', 'class 3: beyond']

const designs = {
  'φ(u, v) = (u, v)': (u: number, v: number) => [u, v],
  'φ(u, v) = (u, v, u², uv, v²)': (u: number, v: number) => [u, v, u * u, u * v, v * v],
}

const panelOf = (title: string, features: (u: number, v: number) => readonly number[]): Panel => {
  const { input, labels } = rings(draws(0).uniform, 'train', 300)
  const phi = (x: Matrix) =>
    fromNested(
      toNested(x).map(([u = 0, v = 0]) => features(u, v)),
      'float64',
    )
  const classifier = linear(features(0, 0).length, 3)
  const step = compile(trainStep(classifier, softmaxCrossEntropy, adam(0.05)))
  let run = start(classifier, adam(0.05), key(0), { dtype: 'float64' })
  for (let i = 0; i < 500; i++) run = step(run, { input: phi(input), target: labels })[0]
  const scores = scoresOf((x) => predict(classifier, run, phi(x)), 'float64')
  return {
    title,
    x: { label: 'u', from: plane.x[0], to: plane.x[1] },
    y: { label: 'v', from: plane.y[0], to: plane.y[1] },
    series: [...classes(input, labels, names), boundary(scores, plane, 3)],
  }
}

export const scores = (): string =>
  chart(
    Object.entries(designs).map(([title, features]) => panelOf(title, features)),
    { title: 'Linear classifiers of a disc, a ring and what lies beyond' },
  )
