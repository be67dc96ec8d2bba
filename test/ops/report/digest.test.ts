import { describe, expect, test } from 'vitest'
import { errorDigest } from '../../../src/ops/report/digest.js'
import { digestSuite } from '../../../src/ops/report/digest-suite.js'
import { writeGithub } from '../../../src/ops/report/writers/github.js'
import { writeJson, writeJsonLine } from '../../../src/ops/report/writers/json.js'
import { writeJunit } from '../../../src/ops/report/writers/junit.js'
import { writeMarkdown } from '../../../src/ops/report/writers/markdown.js'
import { UNPRINTABLE } from '../../../src/ops/report/writers/one-line.js'
import { digest, HOSTILE, hostileDigest, item } from './hostile-digest.js'

test.each([
  [{ level: 'fail', counts: true }, 'failed'],
  [{ level: 'fail', counts: false }, 'skipped'],
  [{ level: 'fail', counts: false, known: true }, 'skipped'],
  [{ level: 'warn', counts: true }, 'failed'],
  [{ level: 'warn', counts: false }, 'passed'],
  [{ level: 'ok', counts: false }, 'passed'],
  [{ level: 'not judged', counts: false }, 'skipped'],
  [{ level: 'broken', counts: false }, 'error'],
] as const)('%j is a test that %s', (change, result) => {
  const { cases } = digestSuite(digest({ groups: [{ title: 'things', items: [item(change)] }] }))
  expect(cases).toMatchObject([{ name: 'X-001 a thing', group: 'things', result }])
})

test('what a warning says, and what to do about a failure, is in the test', () => {
  const items = [
    item({ level: 'warn', word: 'warn', counts: false }),
    item({ remedy: 'mend it', commands: ['a', 'b'] }),
  ]
  const [warning, failure] = digestSuite(digest({ groups: [{ title: 'things', items }] })).cases
  expect(warning?.output).toBe('warn: it is broken')
  expect(failure).toMatchObject({ message: 'FAIL: it is broken', details: 'mend it\na\nb' })
})

test('a command that could not do its job is an error in every format', () => {
  const error = { kind: 'usage' as const, code: 'NOPE', message: 'There is no X.', suggestions: ['try Y'] }
  const failed = errorDigest({ schema: 'cache.x/1', command: 'x', verdict: 'inconclusive', error })
  expect(digestSuite(failed).cases).toMatchObject([{ result: 'error', message: 'broken: There is no X.' }])
  expect(writeGithub(failed)).toContain('::error title=NOPE no result::broken: There is no X.%0AFix: try Y')
  expect(writeMarkdown(failed)).toContain('| broken | NOPE | no result | There is no X.<br>Fix: try Y |')
})

describe('JSON', () => {
  test.each(HOSTILE)('%j is the same to a program, and harmless to a terminal', (message) => {
    const text = writeJson({ schema: 'cache.x/1', command: message, verdict: 'pass' })
    expect(JSON.parse(text)).toMatchObject({ command: message })
    expect(text.replaceAll('\n', '')).not.toMatch(UNPRINTABLE)
    expect(text.split('\n')).toHaveLength(6)
  })
})

test.each([
  ['json', (text: string) => writeJson({ schema: 'cache.x/1', command: text, verdict: 'pass' })],
  ['jsonl', (text: string) => writeJsonLine({ text })],
  ['github', (text: string) => writeGithub(hostileDigest(text))],
  ['markdown', (text: string) => writeMarkdown(hostileDigest(text))],
  ['junit', (text: string) => writeJunit(digestSuite(hostileDigest(text)))],
])('%s: no older command of GitHub, which is obeyed anywhere in a line', (_format, write) => {
  expect(write('a ##[add-path]/tmp')).not.toContain('##[')
  expect(write('a ##[add-path]/tmp')).toContain('add-path')
})

test.each([
  ['markdown', (text: string) => writeMarkdown(hostileDigest(text))],
  ['junit', (text: string) => writeJunit(digestSuite(hostileDigest(text)))],
])('%s: no line is a command of GitHub', (_format, write) => {
  expect(
    write('::stop-commands::x')
      .split('\n')
      .filter((line) => /^\s*::/.test(line)),
  ).toEqual([])
})
