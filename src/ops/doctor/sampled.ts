import type { KeySample, SampledKey } from './key-sample.js'

/** What the sample was of, for the end of a sentence. */
export function sampled({ looked, complete }: KeySample): string {
  return complete ? `every key looked at (${looked})` : `${looked} keys looked at`
}

/** `conv 31, auth.validation 2`, the most first. */
export function ofFamilies(keys: readonly SampledKey[]): string {
  const counts = new Map<string, number>()
  for (const { family } of keys) counts.set(family, (counts.get(family) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([family, count]) => `${family} ${count}`)
    .join(', ')
}
