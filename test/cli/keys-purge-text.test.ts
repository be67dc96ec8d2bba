import { describe, expect, test } from 'vitest'
import { inAscii } from '../../src/cli/in-ascii.js'
import { purgeText } from '../../src/cli/views/keys-purge.js'
import { restoreText } from '../../src/cli/views/keys-restore.js'
import { plainTerminal } from '../../src/cli/terminal.js'
import type { NodeResult, PurgeReport, PurgeResult } from '../../src/ops/report/purge-report.js'
import type { RestoreReport } from '../../src/ops/report/restore-report.js'
import { target } from './keys-target.js'

const purge: PurgeReport = {
  schema: 'cache.keys-purge/1',
  command: 'keys purge',
  verdict: 'pass',
  target,
  selection: {
    family: 'conv',
    pattern: 'copilot:conv:{conversationId}',
    match: null,
    where: ['no-ttl'],
  },
  method: { kind: 'unlink', overMs: null, maxRate: null },
  keepsUndo: true,
  mode: 'dry-run',
  plan: {
    keys: 13_000,
    kinds: { conv: 13_000 },
    nodes: [{ address: '10.0.0.7:6379', keys: 13_000, complete: true }],
    memoryBytes: { value: 9_800_000, margin: 400_000 },
    examples: ['copilot:conv:8c1***', 'copilot:conv:77f***'],
    lookAlikes: 1,
    complete: true,
    durationMs: 100,
    effect: 'at worst 13,000 reads of the database at once',
    extraReadsPerSecond: null,
  },
  result: null,
  apply: 'cache keys purge conv --where no-ttl --apply --confirm redis-prod',
  planFile: null,
  ledger: null,
  undo: null,
  resume: null,
}

const counts = {
  deleted: 12_998,
  faded: 0,
  expiring: 0,
  tombstonesLeft: 2,
  gone: 0,
  spared: 0,
  contended: 0,
  moved: 0,
  unknown: 0,
}
const node: NodeResult = { address: '10.0.0.7:6379', ...counts, complete: true }
const result: PurgeResult = {
  ...counts,
  complete: true,
  durationMs: 240,
  roundTripMs: { p50: 0.9, p99: 2.25, idle: 0.31 },
  restedMs: 0,
  nodes: [node],
}
const applied = {
  mode: 'apply' as const,
  result,
  ledger: '.cache/purges/2026-11-27T21-50-12Z-9f3a',
  undo: 'cache keys restore .cache/purges/2026-11-27T21-50-12Z-9f3a/undo.ndjson --apply --confirm redis-prod',
  resume: 'cache keys purge --resume .cache/purges/2026-11-27T21-50-12Z-9f3a --confirm redis-prod',
}

describe('cache keys purge', () => {
  test('a dry run', () =>
    expect(purgeText(purge, plainTerminal)).toMatchInlineSnapshot(`
    "target   redis-prod, 10.0.0.7:6379, db 0, Redis 7.0.15, master, counts as
             production, fingerprint 9f3a71c20001, run 01234567
    family   conv (copilot:conv:{conversationId}) where no-ttl
    matches  13,000 keys, ~9.3 MiB ±5%
    sample   copilot:conv:8c1***, copilot:conv:77f***, …
    effect   at worst 13,000 reads of the database at once
    method   UNLINK of exact names; what stands there goes to an undo file first
    left     1 key with a similar name that is not meant: never touched

    dry run  nothing was changed. To do it:
             cache keys purge conv --where no-ttl --apply --confirm redis-prod"
  `))

  test('done: what was done, what the server felt, how it is undone', () =>
    expect(purgeText({ ...purge, ...applied }, { ...plainTerminal, quiet: true })).toMatchInlineSnapshot(`
      "ok       12,998 keys deleted in 240 ms; 2 tombstones left, which expire within
               seconds
      server   answered in 0.9 ms (p50), 2.3 ms (p99); 0.3 ms when idle
      ledger   .cache/purges/2026-11-27T21-50-12Z-9f3a
      undo     cache keys restore .cache/purges/2026-11-27T21-50-12Z-9f3a/undo.ndjson --apply --confirm redis-prod"
    `))

  test('nodes are told one by one, also the one that failed', () => {
    const failed: NodeResult = {
      ...node,
      address: '10.0.0.8:6379',
      deleted: 0,
      moved: 3,
      complete: false,
      error: { kind: 'environment', code: 'REDIS_NOPERM', message: 'it said no', suggestions: [] },
    }
    const nodes = { ...result, complete: false, nodes: [node, failed] }
    const text = purgeText({ ...purge, ...applied, result: nodes }, plainTerminal)
    expect(text).toMatch(/^node {5}10\.0\.0\.7:6379: 12,998 keys; 2 tombstones left/m)
    expect(text).toMatch(/^partial {2}10\.0\.0\.8:6379: 0 keys; .*3 keys NOT deleted.*it said\s+no/ms)
    expect(text).toMatch(/^go on {4}cache keys purge --resume/m)
  })

  test.each([
    [
      'stopped',
      { ...applied, result: { ...result, deleted: 600, complete: false }, interrupted: true as const },
      /^partial {2}stopped: 600 keys deleted .*^go on {4}cache keys purge --resume/ms,
    ],
    [
      'broken off',
      { ...applied, result: { ...result, unknown: 200, complete: false } },
      /^partial {2}not done: .*200 keys sent\n? *without an answer/ms,
    ],
    [
      'contended',
      { ...applied, result: { ...result, contended: 1, complete: false } },
      /^partial {2}not done: .*1 key\s+NOT\s+deleted/ms,
    ],
    [
      'a fade',
      {
        ...applied,
        keepsUndo: false,
        method: { kind: 'fade' as const, overMs: 60_000, maxRate: 500 },
        result: { ...result, deleted: 0, faded: 9000, expiring: 4000 },
      },
      /^method {3}new lifetimes, spread over the next 1 min.*500 keys per\s+second; no undo\s+file.*^ok {7}9,000 keys faded in 240 ms;.*4,000 keys left/ms,
    ],
    ['nothing', { plan: { ...purge.plan, keys: 0 }, mode: 'apply' as const }, /^ok {7}nothing to do$/m],
    [
      'stopped while counting',
      { plan: { ...purge.plan, complete: false }, interrupted: true as const },
      /^partial {2}stopped while counting; nothing was changed$/m,
    ],
    [
      'a node that cannot be asked',
      {
        plan: {
          ...purge.plan,
          complete: false,
          nodes: [
            ...purge.plan.nodes,
            {
              address: 'h:1',
              keys: 0,
              complete: false,
              error: { kind: 'environment' as const, code: 'X', message: 'Nobody there.', suggestions: [] },
            },
          ],
        },
      },
      /^node {5}h:1: Nobody there\.$.*^partial {2}not all keys could be counted; nothing was changed$/ms,
    ],
    [
      'a plan',
      { mode: 'plan' as const, planFile: 'p.json', apply: 'cache keys purge --apply-plan p.json' },
      /^plan {5}written to p\.json; nothing was changed\. Review it, then:\n {9}cache keys purge --apply-plan p\.json$/m,
    ],
    [
      'several kinds',
      { plan: { ...purge.plan, kinds: { conv: 12_000, orphans: 1000 } } },
      /^matches {2}13,000 keys \(conv 12,000, orphans 1,000\), ~9\.3 MiB ±5%$/m,
    ],
  ])('%s', (_name, more, expected) =>
    expect(purgeText({ ...purge, ...more }, plainTerminal)).toMatch(expected),
  )
})

const restored: RestoreReport = {
  schema: 'cache.keys-restore/1',
  command: 'keys restore',
  verdict: 'pass',
  target,
  file: '.cache/purges/x/undo.ndjson',
  purge: { id: '2026-11-27T21-50-12Z-9f3a', at: '2026-11-27T21:50:12.000Z' },
  mode: 'dry-run',
  overwrite: false,
  result: {
    restored: 12_000,
    lengthened: 0,
    present: 900,
    expired: 98,
    refused: 0,
    unreachable: 0,
    unknown: 0,
    records: 12_998,
    kinds: { conv: 12_998 },
    refusal: null,
    complete: true,
    durationMs: 1200,
  },
  apply: 'cache keys restore .cache/purges/x/undo.ndjson --apply --confirm redis-prod',
}

describe('cache keys restore', () => {
  test('a dry run', () =>
    expect(restoreText(restored, plainTerminal)).toMatchInlineSnapshot(`
    "target   redis-prod, 10.0.0.7:6379, db 0, Redis 7.0.15, master, counts as
             production, fingerprint 9f3a71c20001
    file     .cache/purges/x/undo.ndjson
    purge    2026-11-27T21-50-12Z-9f3a, begun 2026-11-27T21:50:12.000Z
    holds    12,998 keys (conv 12,998)
    method   RESTORE, with the lifetime left; a key that is there again is left
             alone

    dry run  12,000 keys would be restored; 900 keys there again by now: left alone;
             98 keys expired by now. Nothing was changed. To do it:
             cache keys restore .cache/purges/x/undo.ndjson --apply --confirm redis-prod"
  `))

  test.each([
    [
      'done',
      { mode: 'apply' as const },
      /^ok {7}12,000 keys restored; 900 keys there again by now: left alone;/m,
    ],
    [
      'refused',
      {
        mode: 'apply' as const,
        result: { ...restored.result, refused: 2, refusal: 'h:1 answered: ERR bad', complete: false },
      },
      /^partial {2}not done: .*2 keys refused\s+by the server: h:1\s+answered: ERR bad/ms,
    ],
  ])('%s', (_name, more, expected) =>
    expect(restoreText({ ...restored, ...more }, plainTerminal)).toMatch(expected),
  )
})

test('80 columns at most where words allow it, and ASCII where that is asked for', () => {
  const hostile = `a:${'long'.repeat(80)}\u001b[31m***`
  const long = { ...purge, apply: 'x', plan: { ...purge.plan, examples: [hostile] } }
  const text = purgeText(long, plainTerminal)
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(text).not.toContain('\u001b')
  const ascii = { ...plainTerminal, ascii: true }
  expect(inAscii(purgeText(purge, ascii), ascii)).toMatch(/^[ -~\n]*$/)
})
