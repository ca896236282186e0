import { flawIn } from '../../codec/safetensors/flaw.ts'
import { longestHeader } from '../../codec/safetensors/format.ts'
import { brief, isObject } from '../../codec/safetensors/header.ts'
import { describe } from '../../tensor/data.ts'
import { ownOf } from '../../tree/name.ts'
import { wrong } from './wrong.ts'

/** An object of JSON. Its fields are read by `ownOf`, since a file may call one as it likes. */
export type Json = { readonly [name: string]: unknown }

/** The parts of a file `model.json`. */
export interface Document {
  readonly topology: Json
  readonly manifest: readonly unknown[]
}

const textOf = (given: string | Uint8Array): string => {
  if (typeof given === 'string') return given
  if (Object.prototype.toString.call(given) !== '[object Uint8Array]')
    throw wrong('OtherFormat', 'the text of model.json, or its bytes', describe(given))
  if (given.length > longestHeader)
    throw wrong('TooLarge', `a model.json of at most ${longestHeader} bytes`, `one of ${given.length}`)
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

/** Reads a model.json: an object whose names are unique, with a topology of layers and a manifest of weights. */
export const documentIn = (given: string | Uint8Array): Document => {
  const text = textOf(given)
  const found = parsed(text)
  const flaw = flawIn(text)
  if (flaw?._tag === 'Deep') throw wrong('TooDeep', 'JSON that is nested at most 128 deep', 'deeper nesting')
  if (flaw?._tag === 'Twice')
    throw wrong('DuplicateName', 'each name once', `'${flaw.name}' twice`, { entry: flaw.name })
  if (!isObject(found)) throw wrong('OtherFormat', 'a model.json, which is an object', brief(found))
  if (ownOf(found, 'format') === 'graph-model')
    throw wrong('OtherFormat', 'a layers model', 'a graph model, whose layers are gone', {
      remedy: 'convert the Keras model with --output_format=tfjs_layers_model',
    })
  const [topology, manifest] = [ownOf(found, 'modelTopology'), ownOf(found, 'weightsManifest')]
  if (!isObject(topology)) throw wrong('OtherFormat', 'a layers model with modelTopology', brief(topology))
  if (!Array.isArray(manifest)) throw wrong('BadHeader', 'a weightsManifest, which is a list', brief(manifest))
  return { topology, manifest }
}
