// What the ranks of bench:ranks are told, and what they tell.

/** What a rank measures. */
export interface Plan {
  readonly measure: 'reductions' | 'steps'
  readonly engine: string
  /** How often each case has its turn, and the milliseconds of a turn. */
  readonly turns: number
  readonly turn: number
}

/** The microseconds of each case in each turn, and losses that have to agree with those of other groups. */
export interface Measured {
  readonly name: string
  readonly microseconds: Readonly<Record<string, readonly number[]>>
  readonly losses: Readonly<Record<string, number>>
}

/** The bytes of the messages. */
export const sizes = { '1 KB': 2 ** 10, '64 KB': 2 ** 16, '1 MB': 2 ** 20, '16 MB': 2 ** 24 } as const
