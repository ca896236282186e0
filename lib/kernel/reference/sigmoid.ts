/** 1 / (1 + exp(−x)), in a form in which no exponential overflows. */
export const sigmoid = (x: number): number => Math.exp(Math.min(x, 0)) / (1 + Math.exp(-Math.abs(x)))
