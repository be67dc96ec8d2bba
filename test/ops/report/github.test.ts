import { describe, expect, test } from 'vitest'
import { writeGithub } from '../../../src/ops/report/writers/github.js'
import { oneLine } from '../../../src/ops/report/writers/one-line.js'
import { digest, HOSTILE, hostileDigest, item } from './hostile-digest.js'

test('an error is what fails the step; known and good things are not shown', () => {
  const items = [
    item({ remedy: 'mend it', file: 'src/a,b.ts', line: 3 }),
    item({ id: 'X-002', level: 'warn', word: 'warn', message: '90 %', counts: false }),
    item({ id: 'X-003', level: 'broken', word: 'broken', counts: false }),
    item({ id: 'X-004', level: 'ok', word: 'ok', counts: false }),
    item({ id: 'X-005', level: 'not judged', word: 'skip', counts: false }),
    item({ id: 'X-006', known: true }),
  ]
  expect(writeGithub(digest({ groups: [{ title: 'things', items }] })).split('\n')).toEqual([
    '::error file=src/a%2Cb.ts,line=3,title=X-001 a thing::FAIL: it is broken%0AFix: mend it',
    '::warning title=X-002 a thing::warn: 90 %25',
    '::error title=X-003 a thing::broken: it is broken',
    'cache x: FAIL: 1 FAIL: not well',
    '',
  ])
})

test('what could not be judged for one reason is one annotation; findings never are', () => {
  const broken = { level: 'broken' as const, word: 'skip', message: 'Redis is away', counts: false }
  const items = ['A-1', 'A-2', 'A-3'].map((id) => item({ ...broken, id }))
  const groups = [
    {
      title: 'things',
      items: [item(), ...items, item({ ...broken, message: 'other' }), item()],
    },
  ]
  expect(writeGithub(digest({ groups })).split('\n').slice(0, -2)).toEqual([
    '::error title=X-001 a thing::FAIL: it is broken',
    '::error title=A-1 A-2 A-3 not judged::skip: Redis is away',
    '::error title=X-001 a thing::skip: other',
    '::error title=X-001 a thing::FAIL: it is broken',
  ])
})

describe.each(HOSTILE)('%j', (hostile) => {
  const lines = writeGithub(hostileDigest(hostile)).trimEnd().split('\n')

  test('cannot begin a command of its own', () => {
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/^cache x: FAIL: /)
  })

  test('is what the runner reads back', () => {
    const [, title, data] = /^::error title=([^:,]*)::(.*)$/.exec(lines[0]!) ?? []
    const line = oneLine(hostile)
    expect(decoded(title!)).toBe(`X-001 ${line}`)
    expect(decoded(data!)).toBe(`FAIL: ${line}\nFix: ${line}`)
  })
})

/** As the runner of GitHub does it. */
function decoded(text: string): string {
  return text.replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')
}
