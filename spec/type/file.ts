import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as io from 'io-ts'
import {
  type AnyTensor,
  adam,
  codecOf,
  compact,
  compose,
  decodeSafetensors,
  type FileError,
  type FitState,
  type FormatError,
  fitCodec,
  fromBytes,
  init,
  key,
  linear,
  listSafetensors,
  type Model,
  modelFromBytes,
  named,
  type Params,
  revive,
  type Safetensors,
  type State,
  start,
  type Tensor,
  type TensorList,
} from 'pullback'
import {
  type Checkpoint,
  listTensors,
  loadCheckpoint,
  loadModel,
  loadNpz,
  loadSafetensors,
  saveCheckpoint,
} from 'pullback/node'
import { decodeNpy, decodeNpz, encodeNpz, type Tensors } from 'pullback/numpy'
import { type Equal, yes } from './equal.ts'

const net = compose(named('L1', linear(3, 4)), named('L2', linear(4, 2)))
const run = start(net, adam(), key(0))
type Run = typeof run
type P = Params<typeof net>
type S = State<typeof net>
const bytes = new Uint8Array(0)

// what is read has the type of the template
const training = fromBytes(run)(bytes)
yes<Equal<typeof training, Either<FormatError, Run>>>()
const params = fromBytes(init(net, key(0)).params)(bytes)
yes<
  typeof params extends Either<FormatError, { readonly L1: { readonly W: Tensor<readonly [4, 3]> } }> ? true : false
>()

// or of the codec
const both = fromBytes(io.type({ run: codecOf(run), seen: io.array(io.string) }))(bytes)
yes<Equal<typeof both, Either<FormatError, { run: Run; seen: string[] }>>>()

// a state of fit is told by the beginning of a run
const codec = fitCodec(run)
yes<Equal<io.TypeOf<typeof codec>, FitState<P, S, Run['optimizer']>>>()

// checkpoints and models
const open = loadCheckpoint('folder', run)
yes<Equal<typeof open, TaskEither<FileError | FormatError, Checkpoint<Run, unknown>>>>()
const beside = loadCheckpoint('folder', run, { extra: io.type({ best: codecOf(run.params) }) })
yes<Equal<typeof beside, TaskEither<FileError | FormatError, Checkpoint<Run, { best: P }>>>>()
// @ts-expect-error a run has a step
saveCheckpoint('folder', { params: run.params })
const model = loadModel('file', net)
yes<Equal<typeof model, TaskEither<FileError | FormatError, Model<P, S>>>>()
const inMemory = modelFromBytes(net)(bytes)
yes<Equal<typeof inMemory, Either<FormatError, Model<P, S>>>>()

// types go through unchanged
const there = revive(compact(run))
yes<Equal<typeof there, Run>>()

// tensors of other programs, of whatever shapes and formats
const tensors = decodeSafetensors(bytes, { names: ['W'] })
yes<Equal<typeof tensors, Either<FormatError, Safetensors>>>()
const list = listSafetensors(bytes)
yes<Equal<typeof list, Either<FormatError, TensorList>>>()
const ofFile = loadSafetensors('model.safetensors.index.json', { names: undefined, links: undefined })
yes<Equal<typeof ofFile, TaskEither<FileError | FormatError, Safetensors>>>()
const listOfFile = listTensors('model.safetensors')
yes<Equal<typeof listOfFile, TaskEither<FileError | FormatError, TensorList>>>()
// @ts-expect-error the option is called names
decodeSafetensors(bytes, { name: ['W'] })

// arrays and archives of NumPy
const array = decodeNpy(bytes)
yes<Equal<typeof array, Either<FormatError, AnyTensor>>>()
const arrays = decodeNpz(bytes, { names: undefined, limits: { inflated: undefined } })
yes<Equal<typeof arrays, Either<FormatError, Tensors>>>()
const ofArchive = loadNpz('model.npz', { names: ['W'] })
yes<Equal<typeof ofArchive, TaskEither<FileError | FormatError, Tensors>>>()
encodeNpz(run.params.L1, { compress: undefined })
// @ts-expect-error archives are flat
encodeNpz(run.params)
