import { UsageError } from '../../ops/report/errors.js'
import { RULES, type Rule } from '../../ops/report/keys-report.js'
import { nearest } from '../../ops/report/nearest.js'

/** `--sample`: undefined when it was not given. @throws UsageError */
export function parseSample(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === 'all') return Infinity
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= 100_000) return count
  throw new UsageError('BAD_FLAG_VALUE', `--sample: '${text}' is neither a number from 1 to 100000 nor all.`)
}

/** `--fail-on`. @throws UsageError with the rule that was probably meant */
export function parseRules(text: string | undefined): Rule[] {
  if (text === undefined) return []
  return text.split(',').map((name) => {
    const rule = RULES.find((each) => each === name.trim())
    if (rule) return rule
    const meant = nearest(name.trim(), RULES)
    throw new UsageError(
      'UNKNOWN_RULE',
      `--fail-on: there is no rule '${name.trim()}'; it takes ${RULES.join(', ')}.`,
      meant === undefined ? [] : [`--fail-on ${meant}`],
    )
  })
}

/** `--match`: null when it was not given. @throws UsageError */
export function parseMatch(glob: string | undefined): string | null {
  if (glob !== '') return glob ?? null
  throw new UsageError(
    'BAD_FLAG_VALUE',
    '--match: the glob is empty, and would match no key but the empty one.',
    ["--match 'session:*'"],
  )
}
