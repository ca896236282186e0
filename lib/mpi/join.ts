import * as E from '#fp/Either'
import type { ValueError } from '../error/tensorError.ts'
import { type Communicator, trainingOf } from '../train/ranks/communicator.ts'
import { beginMpi, copyOfWorld, nameOf, ranksOf } from './begin.ts'
import { callsOf } from './calls.ts'
import { collectivesOf } from './collectives.ts'
import { endWithProcess, say } from './ending.ts'
import type { Library } from './library.ts'
import { actions, makePlace } from './place.ts'
import { startWatchdog } from './watchdog.ts'

/** Joins the group of ranks to which this process belongs. */
export const join = (library: Library, patience: number): E.Either<ValueError, Communicator> => {
  const calls = callsOf(library)
  const error = beginMpi(calls)
  if (error !== undefined) return E.left(error)
  const { handles } = calls
  const [rank, size] = ranksOf(calls)
  const place = makePlace()
  const abort = (reason: string): void => {
    say({ rank, size }, reason)
    calls.abort(handles.world, 1)
  }
  const watch = (): (() => void) => {
    const { koffi, path } = library
    const communicator = copyOfWorld(calls)
    const watched = { place: place.buffer, actions: Object.values(actions), koffi, path, handles, communicator }
    return startWatchdog({ ...watched, rank, size, patience })
  }
  const endWatch = size === 1 ? () => {} : watch()
  const collectives = collectivesOf(calls, rank, size, place)
  const close = (): void => {
    if (place.isClosed()) return
    place.close()
    endWatch()
    calls.finalize()
  }
  endWithProcess({ rank, size, isClosed: place.isClosed, close, abort: (status) => calls.abort(handles.world, status) })
  return E.right({ name: `MPI (${nameOf(calls)})`, rank, size, ...collectives, abort, close, training: trainingOf })
}
