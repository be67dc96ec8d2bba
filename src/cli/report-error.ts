import { ActionableError } from '../ops/report/errors.js'
import type { Report, ReportError } from '../ops/report/report.js'
import { sanitise } from './sanitise.js'

/** An error as it appears in a report: for an expected one its own words, for a bug a calm sentence and no stack. */
export function toReportError(error: unknown): ReportError {
  if (error instanceof ActionableError) {
    const { kind, code, message, suggestions } = error
    return { kind, code, message: sanitise(message), suggestions: suggestions.map(sanitise) }
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    kind: 'bug',
    code: 'INTERNAL_ERROR',
    message: `This is a bug in cache, not something you did wrong: ${sanitise(what)}`,
    suggestions: ['run it again with DEBUG=cache:* for the stack trace, and report it'],
  }
}

/** The document for a command that could not do its job. */
export function errorReport(command: string, error: unknown): Report {
  return {
    schema: `cache.${command.replaceAll(' ', '-')}/1`,
    command,
    verdict: 'inconclusive',
    error: toReportError(error),
  }
}

/** The same for a reader: what is wrong, what to try, where to read more. */
export function errorText(error: ReportError, see?: string): string {
  const lines = [`Error: ${error.message}`, ...error.suggestions.map((suggestion) => `Try: ${suggestion}`)]
  if (error.kind === 'usage' && see !== undefined) lines.push(`See: ${see}`)
  return `${lines.join('\n')}\n`
}

// A chain may be a ring.
const MAX_CAUSES = 8

/** The stacks of a bug and its causes, for those who asked for them; undefined for everyone else. */
export function stackOf(error: unknown): string | undefined {
  if (!isDebugging() || !(error instanceof Error) || error instanceof ActionableError) return undefined
  const causes: string[] = []
  for (let each: unknown = error; each instanceof Error && causes.length < MAX_CAUSES; each = each.cause)
    causes.push(each.stack ?? each.message)
  return `${causes.join('\ncaused by ')}\n`
}

/** Whether DEBUG names `cache`, `cache:*` or everything. */
export function isDebugging(env: NodeJS.ProcessEnv = process.env): boolean {
  return (env['DEBUG'] ?? '').split(/[\s,]+/).some((name) => /^(?:\*|cache(?::.*)?)$/.test(name))
}
