import type { Judgement } from './judge.js'
import type { LoadOptions } from './options.js'
import { combine } from './quorum.js'

/**
 * What the runs come to. Those that were cut short prove nothing, whatever the runs before showed.
 *
 * @param judgements at least one, in order
 */
export function conclude(
  judgements: readonly Judgement[],
  { quorum, isCutShort }: Pick<LoadOptions, 'quorum'> & { isCutShort: boolean },
): Judgement {
  if (!isCutShort) return combine(judgements, { quorum })
  const last = judgements.at(-1)!
  const whole = judgements.length === 1 ? last : combine(judgements, { quorum })
  const reason = last.reason ?? 'the test was interrupted between two runs'
  return { ...whole, verdict: 'inconclusive', inWords: null, reason }
}
