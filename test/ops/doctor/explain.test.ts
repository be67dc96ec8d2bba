import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { plainTerminal } from '../../../src/cli/terminal.js'
import { pageText } from '../../../src/cli/views/page.js'
import { checks } from '../../../src/ops/doctor/checks/index.js'
import { listPages } from '../../../src/ops/doctor/pages.js'
import { cache, type Run } from '../../support/cache.js'
import { cacheHere } from '../../support/here.js'

const jsonOf = (run: Run) => JSON.parse(run.stdout) as Record<string, unknown>

test('a check, a drill and a clause; text and JSON', async () => {
  const [text, drill, json] = await Promise.all([
    cache(['explain', 'mem-001']),
    cacheHere(['explain', 'stall']),
    cacheHere(['explain', 'C3', '--json']),
  ])
  expect([text.code, drill.code, json.code]).toEqual([0, 0, 0])
  expect(text.stdout).toMatchInlineSnapshot(`
    "MEM-001 memory in use

    How close is a server that may not evict to refusing writes?

    How. used_memory and maxmemory of INFO memory; with a volatile- policy, how many
    keys have a TTL, of INFO keyspace.

    Threshold. In percent of maxmemory: warns above 80, fails above 90. Source: 80 %
    is the Redis observability guide's number for servers that do not evict, 90 %
    that of the Redis mixins. With an allkeys- policy, or a volatile- one where
    every key expires, a full cache is as it should be, and never reported; where
    some keys do not expire, it only warns. Without a limit there is nothing to
    compare with: see MEM-003.

    Fix. CONFIG SET maxmemory-policy allkeys-lru on a pure cache, more memory
    otherwise.

    Override. doctor.thresholds: { "MEM-001": { "warn": 90, "fail": 95 } }.
    "
  `)
  expect(drill.stdout).toMatch(/^stall\n\nConnections stay open/)
  expect(jsonOf(json)).toMatchObject({
    schema: 'cache.explain/1',
    verdict: 'pass',
    kind: 'clause',
    id: 'C3',
    title: 'bounded time',
    page: 'docs/clauses/C3.md',
  })
})

test.each([
  [['explain', 'TTF-01'], 'UNKNOWN_ID', 'cache explain TTF-001'],
  [['explain', 'con-1'], 'UNKNOWN_ID', 'cache explain CON-001'],
  [['explain', 'c12'], 'UNKNOWN_ID', 'cache explain --list'],
  [['explain', 'R99'], 'UNKNOWN_ID', 'cache explain --list'],
  [['explain', 'x3'], 'UNKNOWN_ID', 'cache explain --list'],
  [['explain', 'C3', '--list'], 'CONFLICTING_FLAGS', 'leave one of them out'],
  [['explain', 'stal'], 'UNKNOWN_ID', 'cache explain stall'],
  [['explain', 'weather-report'], 'UNKNOWN_ID', 'cache explain --list'],
  [['explain'], 'NO_ID', 'cache explain --list'],
])('%j exits 2 with what was meant', async (args, code, suggestion) => {
  const [text, json] = await Promise.all([cacheHere(args), cacheHere([...args, '--json'])])
  expect([text.code, json.code]).toEqual([2, 2])
  expect(jsonOf(json)['error']).toMatchObject({ code, suggestions: [suggestion] })
  expect(text.stderr).toContain(`Try: ${suggestion}`)
})

test('--list names all pages', async () => {
  const [text, json] = await Promise.all([
    cacheHere(['explain', '--list']),
    cacheHere(['explain', '--list', '--json']),
  ])
  const pages = listPages('docs')
  expect(jsonOf(json)).toMatchObject({ schema: 'cache.explain.list/1' })
  expect((jsonOf(json)['pages'] as unknown[]).length).toBe(pages.length)
  for (const { id } of pages) expect(text.stdout).toContain(id)
})

test.each(listPages('docs').map((page) => [page.id, page] as const))(
  '%s fits into 80 columns, in ASCII too',
  (_id, { markdown }) => {
    const text = pageText(markdown, plainTerminal)
    const wide = text.split('\n').filter((line) => line.length > 80 && !line.startsWith('    '))
    // Only what cannot be broken, such as an address, may be longer.
    expect(wide.filter((line) => line.trim().includes(' '))).toEqual([])
    // oxlint-disable-next-line no-control-regex
    expect(pageText(markdown, { ...plainTerminal, ascii: true })).toMatch(/^[\x00-\x7f]*$/)
  },
)

test('no page, and no threshold, cites what the package does not contain', () => {
  const texts = [
    ...listPages('docs').map(({ id, markdown }) => [id, markdown] as const),
    ...checks.map(({ id, threshold }) => [`${id} threshold`, threshold.source] as const),
  ]
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] }
  const cited = texts.flatMap(([id, text]) =>
    [...text.matchAll(/(?<![\w/.-])(?:[\w-]+\/)+[\w.-]+\.md\b/g)].map(([path]) => ({ id, path })),
  )
  const missing = cited.filter(({ path }) => !files.includes(path.split('/')[0]!) || !existsSync(path))
  expect(missing).toEqual([])
})

test('Markdown becomes plain text: code as it is, lists hang, marks go', () => {
  const markdown =
    '# Title\n\nSome `code`, **bold**, _slanted_ (_so_, not a_b_c) and\n[a link](x.md).\n\n- one that is\n  long\n- two\n\n```sh\na   b\n\nc\n```\n'
  expect(pageText(markdown, plainTerminal)).toBe(
    'Title\n\nSome code, bold, slanted (so, not a_b_c) and a link.\n\n- one that is long\n- two\n\n    a   b\n\n    c',
  )
})
