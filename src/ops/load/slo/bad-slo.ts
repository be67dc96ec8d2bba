import { UsageError } from '../../report/errors.js'

const SHOWN = 12

/** Says where, in words: an error is one line in a log. Characters count from 1. */
export function badSlo(
  slo: string,
  at: number,
  what: string,
  suggestions: string[] = [],
  code = 'BAD_SLO',
): UsageError {
  const rest = slo.slice(at)
  const here = rest === '' ? 'at the end' : `at character ${at + 1} (${JSON.stringify(shortened(rest))})`
  return new UsageError(code, `The SLO '${shortened(slo, 120)}' is wrong ${here}: ${what}.`, suggestions)
}

function shortened(text: string, most = SHOWN): string {
  return text.length > most ? `${text.slice(0, most)}…` : text
}
