import tap, { type Test } from 'tap'
import { campaign, type Report, type Target } from './campaign.ts'

/** What a campaign has seen, in a line. */
const told = ({ inputs, reasons, corpus, most }: Report): string => {
  const counts = Object.entries(reasons)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, n]) => `${reason} ${n}`)
  const share = (x: number): string => `${Math.round(100 * x)} %`
  return `${inputs} inputs, ${corpus} kept; memory ${share(most.memory)}, work ${share(most.work)} of the bounds; ${counts.join(', ')}`
}

/**
 * Tries changed files on a reader: it must read them or refuse them by its own error, without memory beyond their bytes
 * and without endless work. Enough of them must be read, and refused for several reasons, or the changes are no good.
 */
export const fuzz = async <I>(t: Test, target: Target<I>, inputs: number): Promise<void> => {
  const patience = 1000 * (Number(process.env.FUZZ_SECONDS ?? 0) + 60)
  for (const test of [tap, t]) test.setTimeout(patience)
  const report = campaign(target, inputs)
  for (const { what, input } of report.findings) t.fail(what, { input: input.slice(0, 4000) })
  t.comment(told(report))
  t.ok(report.inputs >= inputs || report.findings.length > 0)
  t.ok((report.reasons.right ?? 0) > report.inputs / 100, 'some are sound')
  t.ok(Object.keys(report.reasons).length > 4, 'and others refused for several reasons')
}

/** The reason of an error, or 'right'. */
export const outcome = (
  found: { readonly _tag: 'Right' } | { readonly _tag: 'Left'; readonly left: { readonly reason: string } },
): string => (found._tag === 'Right' ? 'right' : found.left.reason)

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
