/** The value at x of the polynomial with these coefficients, from the highest power down: Horner's rule. */
export const polynomial = (cs: readonly number[], x: number): number => cs.reduce((p, c) => p * x + c, 0)
