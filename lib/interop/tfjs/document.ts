import { brief, isObject } from '../../codec/safetensors/header.ts'
import type { FormatError } from '../../error/fileError.ts'
import { describe } from '../../tensor/data.ts'
import { ownOf } from '../../tree/name.ts'
import { flawIn } from './flaw.ts'
import type { Limits } from './limits.ts'
import { wrong } from './wrong.ts'

/** An object of JSON. Its fields are read by `ownOf`, since a file may call one as it likes. */
export type Json = { readonly [name: string]: unknown }

/** The parts of a file `model.json`. */
export interface Document {
  readonly topology: Json
  readonly manifest: readonly unknown[]
}

const textOf = (given: string | Uint8Array, { json }: Limits): string => {
  const isText = typeof given === 'string'
  if (!isText && Object.prototype.toString.call(given) !== '[object Uint8Array]')
    throw wrong('OtherFormat', 'the text of model.json, or its bytes', describe(given))
  if (given.length > json) throw wrong('TooLarge', `a model.json of at most ${json} bytes`, `one of ${given.length}`)
  if (isText) return given
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(given)
  } catch {
    throw wrong('NotUtf8', 'a model.json in UTF-8', 'other bytes')
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (e) {
    throw wrong('NotJson', 'JSON', (e as Error).message)
  }
}

/** Other files of JSON that are taken for a model, by a field that each of them has. */
const others: readonly (readonly [field: string, what: string, remedy: string])[] = [
  ['weight_map', 'the index of a model of safetensors', 'read it by loadSafetensors of pullback/node'],
  [
    'class_name',
    'the layers of Keras alone, without weights',
    'save the model there, and convert it by tensorflowjs_converter --input_format=keras',
  ],
]

/** The error for an object that is no model. */
const stranger = (found: Json): FormatError => {
  const [, what, remedy] = others.find(([field]) => ownOf(found, field) !== undefined) ?? []
  const names = Object.keys(found)
  const listed = names.length === 0 ? 'an empty object' : `an object with the fields ${brief(names)}`
  return wrong(
    'OtherFormat',
    'a layers model of TensorFlow.js: an object with modelTopology, an object, and weightsManifest, a list',
    what ?? (names.includes('modelTopology') ? `modelTopology ${brief(ownOf(found, 'modelTopology'))}` : listed),
    { remedy },
  )
}

/** Reads a model.json: an object whose names are unique, with a topology of layers and a manifest of weights. */
export const documentIn = (given: string | Uint8Array, limits: Limits): Document => {
  const text = textOf(given, limits)
  const found = parsed(text)
  const flaw = flawIn(text, limits.depth)
  if (flaw?._tag === 'Deep')
    throw wrong('TooDeep', `JSON that is nested at most ${limits.depth} deep`, 'deeper nesting')
  if (flaw?._tag === 'Twice')
    throw wrong('DuplicateName', 'each name once', `'${flaw.name}' twice`, { entry: flaw.name })
  if (!isObject(found)) throw wrong('OtherFormat', 'a model.json, which is an object', brief(found))
  const [topology, manifest] = [ownOf(found, 'modelTopology'), ownOf(found, 'weightsManifest')]
  if (ownOf(found, 'format') === 'graph-model' || Array.isArray(ownOf(topology, 'node')))
    throw wrong('OtherFormat', 'a layers model', 'a graph model, whose layers are gone', {
      remedy: 'convert the Keras model with --output_format=tfjs_layers_model, or to ONNX, which fromOnnx reads',
    })
  if (!isObject(topology)) throw stranger(found)
  if (!Array.isArray(manifest))
    throw wrong('BadHeader', 'weightsManifest, a list of groups { paths, weights }', brief(manifest))
  return { topology, manifest }
}
