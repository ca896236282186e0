// The other side of the protocol: a participant as a child process that answers line by line.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Hello {
  readonly name: string
  readonly version?: string
  readonly threads?: number
  readonly absent?: string
}

export interface Child {
  readonly hello: Hello
  /** The numbers that 20 steps end with. */
  readonly result: () => Promise<readonly number[]>
  /** The milliseconds of some steps. */
  readonly time: (steps: number) => Promise<number>
  readonly end: () => void
}

/**
 * Starts a program and reads its name. A missing program is absent, and `install` tells what to do; a program that ends
 * early is an error.
 */
export const startChild = async (
  { name, install }: { readonly name: string; readonly install: string },
  [program, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
): Promise<Child> => {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const failed = new Promise<Error>((resolve) => child.on('error', resolve))
  child.stdin.on('error', () => undefined) // it ended: its next answer tells so
  let complaints = ''
  child.stderr.on('data', (data) => {
    complaints = `${complaints}${data}`.slice(-2000)
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const hear = async (): Promise<Record<string, unknown>> => {
    for (;;) {
      const next = await lines.next()
      if (next.done) throw new Error(`${name} broke off: ${complaints.trim() || 'without a word'}`)
      if (!next.value.startsWith('{')) continue // a library's banner
      const answer = JSON.parse(next.value) as Record<string, unknown>
      if (answer.error !== undefined) throw new Error(`${name}: ${answer.error}`)
      return answer
    }
  }
  const ask = (line: string): Promise<Record<string, unknown>> => {
    child.stdin.write(`${line}\n`)
    return hear()
  }
  const first = await Promise.race([hear(), failed])
  const hello = first instanceof Error ? { name, absent: `${first.message}: ${install}` } : (first as unknown as Hello)
  return {
    hello,
    result: async () => (await ask('result')).numbers as readonly number[],
    time: async (steps) => (await ask(`time ${steps}`)).milliseconds as number,
    end: () => child.stdin.end(),
  }
}
