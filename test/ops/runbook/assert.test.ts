import { describe, expect, it } from 'vitest'
import { assert } from '../../../src/ops/runbook/assert.js'
import { expectationIn } from '../../../src/ops/runbook/expectation.js'

const where = { path: 'x.md', line: 1 }
function judge(comment: string, output: string, exitCode: number | null = 0) {
  const expectation = expectationIn(comment, where)
  if (!expectation) throw new Error(`no expectation: ${comment}`)
  const { result, actual } = assert(expectation, { output, exitCode })
  return [result, actual]
}

describe.each([
  ['# Expected: PONG', 'Warning: a password on the line\nPONG\n', 'PONGO'],
  ['# Expected: 1', '(integer) 1', '10'],
  ['# expect: (integer) 1', '1', '(integer) 11'],
  ['# Expected output: "a b"', 'a b', 'a  b'],
  ['# Should be `ok`', 'ok', 'not ok'],
  ['# Should return PONG', 'PONG', ''],
  ['# Should not be 0', '1', '0'],
  ['# Expected: != noeviction', 'allkeys-lru', 'noeviction'],
  ['# Expected: contains role:', 'x role:master', 'slave'],
  ['# Should contain role:', 'x role:master', 'slave'],
  ['# Expected: not contains error', 'fine', 'an error'],
  ['# Should not contain error', 'fine', 'an error'],
  ['# Expected: /^ok \\d+$/i', 'first\nOK 12\nlast', 'no ok 12'],
  ['# Expected: < 10 ms', 'ping\ntook 3.2 ms', 'took 0.2 s'],
  ['# Expected: < 10 ms', '9', '11'],
  ['# Expected: < 1 s', '999ms', '1001 ms'],
  ['# Expected: >= 5', 'connected_clients:5', 'connected_clients:4'],
  ['# Should be > 0', '(integer) 1', '0'],
  ['# Expected: == 3', '3 replicas', '4 replicas'],
  ['# Expected: < 10', '3 s', '11 ms'],
  ['# Expected: ≤ 90 %', 'memory 90 % of 4 GiB', 'memory 91 % of 4 GiB'],
  ['# Expected: < 2 MB', 'used_memory_human:1.05M', 'used_memory_human:2.00M'],
  ['# Expected: > -5', '-4', '-6'],
])('%s', (comment, good, bad) => {
  it(`holds for ${JSON.stringify(good)}`, () => expect(judge(comment, good)[0]).toBe('pass'))
  it(`does not hold for ${JSON.stringify(bad)}`, () => expect(judge(comment, bad)[0]).toBe('fail'))
})

it.for([
  ['min 0 ms, max 3 ms', 'several numbers, so which one? 0 ms, 3 ms'],
  ['10.0.0.1 at redis7', 'no number in: 10.0.0.1 at redis7'],
  ['', 'no output'],
  ['3 MB', '3 MB, which cannot be compared'],
])('a number that cannot be told never passes: %s', ([output, actual]) => {
  expect(judge('# Expected: < 10 ms', output ?? '')).toEqual(['fail', actual])
})

it('an exit code is compared, and a killed step has none', () => {
  expect(judge('# Expected: exit code 3', '', 3)).toEqual(['pass', 'exit code 3'])
  expect(judge('# Expected: exit 3', '', 1)).toEqual(['fail', 'exit code 1'])
  expect(judge('# Expected: exit 3', '', null)).toEqual(['fail', 'killed'])
})

it.for(['# Should be run as root', '# expected soon', 'Expected: x', '# a remark'])(
  '%s is a remark',
  (comment) => {
    expect(expectationIn(comment, where)).toBeNull()
  },
)

it('says which line a pattern matched, and the last one when none did', () => {
  const output = 'begin\nok  2 passed\nthe end'
  expect(judge('# Expected: /^ok +2/', output)).toEqual(['pass', 'ok  2 passed'])
  expect(judge('# Expected: /\\s+ok +2/', output)).toEqual(['pass', 'ok  2 passed'])
  expect(judge('# Expected: /^ok +3/', output)).toEqual(['fail', 'the end'])
})
