import { RankError } from '../error/rankError.ts'
import { type Handle, type Handles, handlesOf } from './handles.ts'
import type { Loaded } from './library.ts'

/** Numbers, or the value that stands for "in place". */
type Address = ArrayBufferView | bigint | null
type Call<Args extends readonly unknown[]> = (...args: Args) => void

/** The functions of MPI that are used, without their prefix. One that fails throws a `RankError`. */
export interface Calls {
  readonly handles: Handles
  readonly initialized: Call<[flag: Int32Array]>
  readonly initThread: Call<[argc: null, argv: null, wanted: number, level: Int32Array]>
  readonly finalize: Call<[]>
  readonly abort: Call<[communicator: Handle, status: number]>
  readonly version: Call<[text: Uint8Array, length: Int32Array]>
  readonly returnErrors: Call<[communicator: Handle, handler: Handle]>
  readonly duplicate: Call<[communicator: Handle, copy: BigInt64Array]>
  readonly rank: Call<[communicator: Handle, rank: Int32Array]>
  readonly size: Call<[communicator: Handle, size: Int32Array]>
  readonly allReduce: Call<[from: Address, to: Address, n: number, format: Handle, by: Handle, communicator: Handle]>
  readonly allGather: Call<
    [from: Address, n: number, format: Handle, to: Address, each: number, format: Handle, communicator: Handle]
  >
  readonly allGatherBytes: Call<
    [
      from: Address,
      n: number,
      format: Handle,
      to: Address,
      lengths: Int32Array,
      offsets: Int32Array,
      format: Handle,
      communicator: Handle,
    ]
  >
  readonly broadcast: Call<[bytes: Address, n: number, format: Handle, from: number, communicator: Handle]>
  readonly barrier: Call<[communicator: Handle]>
}

const differ = 'each rank has to make the same calls in the same order, with numbers of the same length'

/** Declares the functions of a library. */
export const callsOf = (library: Loaded): Calls => {
  const handles = handlesOf(library)
  const [p, i, h] = ['void *', 'int', handles.type]
  const errorString = library.func('MPI_Error_string', 'int', [i, p, p])
  const failure = (op: string, code: number): RankError => {
    const [text, length] = [new Uint8Array(1024), new Int32Array(1)]
    errorString(code, text, length)
    const actual = new TextDecoder().decode(text.subarray(0, length[0]))
    const fields = { op, expected: 'MPI to do it', actual, ranks: [] }
    return new RankError(/truncat/i.test(actual) ? { ...fields, code: 'ranks-differ', remedy: differ } : fields)
  }
  const call = <Args extends readonly unknown[]>(op: string, name: string, ...types: readonly string[]): Call<Args> => {
    const f = library.func(`MPI_${name}`, 'int', types)
    return (...args) => {
      const code = f(...args)
      if (code !== 0) throw failure(op, code)
    }
  }
  return {
    handles,
    initialized: call('mpi', 'Initialized', p),
    initThread: call('mpi', 'Init_thread', p, p, i, p),
    finalize: call('close', 'Finalize'),
    abort: call('abort', 'Abort', h, i),
    version: call('mpi', 'Get_library_version', p, p),
    returnErrors: call('mpi', 'Comm_set_errhandler', h, h),
    duplicate: call('mpi', 'Comm_dup', h, p),
    rank: call('mpi', 'Comm_rank', h, p),
    size: call('mpi', 'Comm_size', h, p),
    allReduce: call('allReduce', 'Allreduce', p, p, i, h, h, h),
    allGather: call('allGather', 'Allgather', p, i, h, p, i, h, h),
    allGatherBytes: call('allGather', 'Allgatherv', p, i, h, p, p, p, h, h),
    broadcast: call('broadcast', 'Bcast', p, i, h, i, h),
    barrier: call('barrier', 'Barrier', h),
  }
}
