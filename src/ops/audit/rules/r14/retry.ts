import ts from 'typescript'
import type { Violation } from '../../rule.js'

/** `retry: false` leaves one repetition, which comes at once. */
export function isRetried(retry: ts.Expression): [Violation] | undefined {
  if (retry.kind !== ts.SyntaxKind.FalseKeyword) return undefined
  return [
    {
      node: retry.parent,
      message:
        '`retry: false` still sends a failed request a second time: in an outage every call costs two, and an increment whose answer was lost is counted twice.',
      remedy: 'Write `retry: { retries: 0 }`.',
      severity: 'warn',
      fix: {
        title: 'write retry: { retries: 0 }',
        edits: [
          { file: retry.getSourceFile(), start: retry.getStart(), end: retry.end, text: '{ retries: 0 }' },
        ],
      },
    },
  ]
}
