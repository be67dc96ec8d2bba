import type { Digest, DigestItem } from './digest.js'
import type { TestCase, TestSuite } from './writers/junit.js'

/**
 * A digest as tests. They agree with the exit code: failed is what makes it 1, error what makes it 3; what was found and
 * does not count is skipped when it is a failure, and passed with its text as output when it is a warning.
 */
export function digestSuite({ title, groups }: Digest): TestSuite {
  const cases = groups.flatMap((group) => group.items.map((item) => caseOf(item, group.title)))
  return { name: title, cases }
}

function caseOf(item: DigestItem, group: string): TestCase {
  const { id, title, word, message, remedy, commands, durationMs, file, line } = item
  const result = resultOf(item)
  const text = `${word}: ${message}`
  return {
    name: `${id} ${title}`,
    group,
    result,
    ...(durationMs !== undefined && { durationMs }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(result === 'passed' ? item.level === 'warn' && { output: text } : { message: text }),
    ...(result === 'failed' && { details: [remedy, ...commands].join('\n') }),
  }
}

function resultOf({ level, counts }: DigestItem): TestCase['result'] {
  if (counts) return 'failed'
  if (level === 'broken') return 'error'
  return level === 'ok' || level === 'warn' ? 'passed' : 'skipped'
}
