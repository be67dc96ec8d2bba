import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const SOURCES = 'src/ops/audit'
const LABELS = '../shared/audit/labels.jsonl'
/** What code everywhere is called; it stands in the labels too. */
const EVERYWHERE = new Set([
  'GET',
  'POST',
  'createClient',
  'getCached',
  'getOrSet',
  'handler',
  'rateLimit',
  'shutdown',
])
const names = readFileSync('test/ops/audit/names-of-the-labels.txt', 'utf8').trimEnd().split('\n')

const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(SOURCES, name))

interface Label {
  repo: string
  slug: string
  file: string
  symbol: string
}

const namesIn = ({ repo, slug, file, symbol }: Label) => [repo, slug, file, file.split('/').at(-1)!, symbol]

describe('the audit is not tuned to the repositories that it is scored on', () => {
  test.each(sources)('%s names nothing of theirs', (path) => {
    const text = readFileSync(path, 'utf8')
    const words = new Set(text.match(/[\w$.@/-]+/g) ?? [])
    const parts = new Set(text.match(/[\w$]+/g) ?? [])
    expect(names.filter((name) => words.has(name) || parts.has(name))).toEqual([])
  })

  // The labels are not kept in this repository.
  test.skipIf(!existsSync(LABELS))('the list of names is complete', () => {
    const labels = readFileSync(LABELS, 'utf8').trim().split('\n')
    const all = labels.flatMap((line) => namesIn(JSON.parse(line) as Label))
    const wanted = new Set(all.filter((name) => name !== '' && !EVERYWHERE.has(name)))
    expect(names).toEqual([...wanted].sort())
  })
})
