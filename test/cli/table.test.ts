import { expect, it } from 'vitest'
import { renderTable } from '../../src/cli/table.js'
import { createTerminal, plainTerminal } from '../../src/cli/terminal.js'

const columns = [
  { title: 'drill' },
  { title: 'worst', align: 'right' as const },
  { title: 'finding', wraps: true },
]

it('aligns columns under a header, without lines, colours or trailing space', () => {
  const rows = [
    ['refused', '3 ms', ''],
    ['stall', '>10.0 s', 'nobody got an answer'],
  ]
  expect(renderTable(columns, rows, plainTerminal)).toBe(
    ['drill      worst  finding', 'refused     3 ms', 'stall    >10.0 s  nobody got an answer'].join('\n'),
  )
})

it('breaks the wrapping column to stay within the terminal', () => {
  const rows = [['stall', '>10 s', 'word '.repeat(40).trim()]]
  const lines = renderTable(columns, rows, plainTerminal).split('\n')
  expect(lines.length).toBeGreaterThan(3)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(lines.slice(1).join(' ').match(/word/g)).toHaveLength(40)
})

it('breaks a long key rather than cutting it', () => {
  const key = 'copilot:ratelimit:'.repeat(8)
  const text = renderTable(columns, [['x', '', key]], plainTerminal)
  expect(text).not.toContain('…')
  expect(
    text
      .split('\n')
      .slice(1)
      .map((line) => line.trim().replace(/^x\s+/, ''))
      .join(''),
  ).toBe(key)
})

it('moves its columns together before it becomes a list', async () => {
  const name = 'a-drill-with-a-name-of-forty-odd-characters'
  const rows = [[name, '1 ms', 'ok']]
  const at = async (columnsOfIt: number) => {
    const terminal = await createTerminal({ colour: false, columns: columnsOfIt })
    return renderTable(columns, rows, terminal).split('\n').at(-1)
  }
  const least = name.length + 'worst'.length + 'finding'.length
  expect(await at(least + 4)).toBe(`${name}   1 ms  ok`)
  expect(await at(least + 2)).toBe(`${name}  1 ms ok`)
  expect(await at(least + 1)).toBe('finding: ok')
})

it('becomes a list where the terminal is too narrow', async () => {
  const terminal = await createTerminal({ colour: false, columns: 40 })
  const rows = [['a-rather-long-name-for-a-drill', '1 ms', 'finding of some length']]
  expect(renderTable(columns, rows, terminal)).toBe(
    'drill: a-rather-long-name-for-a-drill\nworst: 1 ms\nfinding: finding of some length',
  )
})

it('colours count for nothing in the widths', async () => {
  const terminal = await createTerminal({ colour: true, columns: 80 })
  const row = (word: 'ok' | 'FAIL') => [terminal.style.word(word), '1 ms', 'x']
  const [, first = '', second = ''] = renderTable(columns, [row('ok'), row('FAIL')], terminal).split('\n')
  // oxlint-disable-next-line no-control-regex
  const bare = (line: string) => line.replace(/\u001B\[\d+m/g, '')
  expect(first).toContain('\u001B[32m')
  expect(bare(first).indexOf('x')).toBe(bare(second).indexOf('x'))
})
