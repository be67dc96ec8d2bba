import type { OperatorError } from '../../library/backends/operator-error.js'
import type { KeySample, Question, SampledKey } from './key-sample.js'

/** A key about which the server told what was asked. */
export type KeyTold<Asked extends Question> = SampledKey & {
  [Fact in Asked]-?: Exclude<SampledKey[Fact], undefined>
}

/**
 * The keys of the sample that a check is about, as far as the server told what it asks of them; the others are counted,
 * and say so at the end of the sentence.
 *
 * @throws OperatorError the server's refusal, when it told it of none of them
 */
export function keysTold<Asked extends Question>(
  sample: KeySample,
  question: Asked,
  isMeant: (key: SampledKey) => boolean = () => true,
): { keys: KeyTold<Asked>[]; from: string } {
  const meant = sample.keys.filter(isMeant)
  const keys = meant.filter((key): key is KeyTold<Asked> => key[question] !== undefined)
  const refusal: OperatorError | undefined = sample.refusals[question]
  if (keys.length === 0 && meant.length > 0 && refusal) throw refusal
  const untold = meant.length - keys.length
  const hidden = untold === 0 ? '' : `, and ${untold} more that the server does not tell of`
  return { keys, from: sampled(sample) + hidden }
}

/** What the sample was of, for the end of a sentence. */
export function sampled({ looked, total, complete, oneNode }: KeySample): string {
  const place = oneNode ? ' of this node' : ''
  if (complete) return `every key${place} looked at (${looked})`
  return `${looked}${total !== null && total > looked ? ` of ${total}` : ''} keys${place} looked at`
}

/** `conv 31, (orphans) 2`, the most first. */
export function ofFamilies(keys: readonly SampledKey[]): string {
  const counts = new Map<string, number>()
  for (const { family } of keys) counts.set(family ?? ORPHANS, (counts.get(family ?? ORPHANS) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([family, count]) => `${family} ${count}`)
    .join(', ')
}

/** Keys that no family declares have no name that may be shown. */
const ORPHANS = '(orphans)'

/** What shows more of these keys, to copy and paste. */
export function commandsFor(keys: readonly SampledKey[]): string[] {
  const families = [...new Set(keys.map(({ family }) => family))]
  return families.map((family) => (family === null ? 'cache keys' : `cache keys --family ${family}`))
}
