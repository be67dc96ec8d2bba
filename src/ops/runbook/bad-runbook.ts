import { UsageError } from '../report/errors.js'

/** What is wrong with a document, and where: `runbooks/x.md:12: …`. */
export function badRunbook(
  code: string,
  where: { path: string; line: number },
  message: string,
  suggestions: string[] = [],
): UsageError {
  return new UsageError(code, `${where.path}:${where.line}: ${message}`, suggestions)
}
