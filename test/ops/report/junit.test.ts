import { expect, it } from 'vitest'
import { writeJunit, type TestSuite } from '../../../src/ops/report/writers/junit.js'

const suite: TestSuite = {
  name: 'Redis <is> "away" & back',
  cases: [
    { name: 'good', group: 'a', file: 'x.md', line: 3, durationMs: 1234, result: 'passed' },
    {
      name: 'bad',
      group: 'a',
      result: 'failed',
      message: 'a < b\n"c"',
      details: ']]> & <b>\u0000\u001B[31m',
      output: 'é😀\uD800\uFFFE\r\n',
    },
    { name: 'left', group: 'b', result: 'skipped', message: 'manual' },
    { name: 'broken', group: 'b', result: 'error', message: 'no Redis' },
  ],
}

it('counts, times and names what was tested', () => {
  const xml = writeJunit(suite)
  expect(xml).toContain('tests="4" failures="1" errors="1" skipped="1" time="1.234"')
  expect(xml).toContain('<testcase name="good" classname="a" file="x.md" line="3" time="1.234"/>')
  expect(xml).toContain('<skipped message="manual"></skipped>')
  expect(xml).toContain('<error message="no Redis"></error>')
})

it('whatever a step prints, the file is well-formed and says it', () => {
  const { names, texts, attributes } = read(writeJunit(suite))
  expect(names.filter((name) => name === 'testcase')).toHaveLength(4)
  expect(attributes).toContain(suite.name)
  expect(attributes).toContain('a < b\n"c"')
  expect(texts).toContain(']]> & <b>[31m')
  expect(texts).toContain('é😀\n')
})

/** Reads XML as strictly as a parser would where this writer could go wrong; throws at anything else. */
function read(xml: string): { names: string[]; texts: string[]; attributes: string[] } {
  // oxlint-disable-next-line no-control-regex
  const illegal = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\uD800-\uDFFF]/u
  if (illegal.test(xml)) throw new Error('a character that XML cannot hold')
  const found = { names: [] as string[], texts: [] as string[], attributes: [] as string[] }
  const open: string[] = []
  let rest = xml.replace('<?xml version="1.0" encoding="UTF-8"?>\n', '')
  while (rest !== '') {
    const [token, close, name = '', attributes = '', selfClosing] =
      /^<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/.exec(rest) ?? /^[^<]+/.exec(rest) ?? []
    if (token === undefined) throw new Error(`no XML: ${rest.slice(0, 40)}`)
    rest = rest.slice(token.length)
    if (name === '') found.texts.push(decoded(token))
    else if (close) expect(open.pop()).toBe(name)
    else {
      found.names.push(name)
      if (!selfClosing) open.push(name)
      for (const [, value = ''] of attributes.matchAll(/="([^"]*)"/g)) found.attributes.push(decoded(value))
    }
  }
  expect(open).toEqual([])
  return found
}

function decoded(text: string): string {
  const known: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#10': '\n', '#9': '\t' }
  return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    if (!(name in known) || !whole.endsWith(';')) throw new Error(`no entity: ${whole}`)
    return known[name] ?? ''
  })
}
