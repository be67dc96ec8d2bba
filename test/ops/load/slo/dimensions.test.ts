import { expect, test } from 'vitest'
import { formatSlo } from '../../../../src/ops/load/slo/format.js'
import { parseSlo } from '../../../../src/ops/load/slo/parse.js'
import { UsageError } from '../../../../src/ops/report/errors.js'

test.each([
  ['during.rss < 10MB', 'during.rss < 10mb'],
  ['during.rss < 1.5 GiB', 'during.rss < 1.5gib'],
  ['during.rss / before.rss < 2', 'during.rss / before.rss < 2'],
  ['during.log_bytes_per_op < 500b', 'during.log_bytes_per_op < 500b'],
  ['onset.p99 < 3 * settled', 'onset.p99 < 3 * settled.p99'],
  ['after.recover<10s', 'after.recover < 10s'],
  ['during.waited < 1s * 60', 'during.waited < 1s * 60'],
])('%s', (text, canonical) => {
  expect(formatSlo(parseSlo(text))).toBe(canonical)
})

test.each([
  [
    'during.rss < 10',
    '("< 10"): an amount of bytes and a number cannot be compared; bytes carry a unit, such as 10mb',
  ],
  [
    'during.rss < 10s',
    '("< 10s"): an amount of bytes and a time cannot be compared; times carry a unit, such as 20ms',
  ],
  [
    'during.p99 + 1kb < 1s',
    '("+ 1kb < 1s"): a time and an amount of bytes cannot be added; times carry a unit, such as 20ms',
  ],
  ['during.p99 * 1kb < 1s', 'a time times an amount of bytes is nothing'],
  ['during.rss * before.rss < 1', 'an amount of bytes times an amount of bytes is nothing'],
  ['1kb / 1s < 1', 'an amount of bytes cannot be divided by a time'],
  ['during.rss < 10ib', 'there is no such unit; units are ms, s, %, b, kb, mb, gb, kib, mib, gib'],
  ['during.rss < 10tb', 'there is no such unit'],
  ['after.fallback < 1s', 'at character 1 ("after.fallba…"): fallback is told of during only'],
  ['during.recover < 1s', 'recover is told of after only'],
  ['after.recover < before', 'at character 17 ("before"): recover is told of after only'],
  ['recover < 1s', 'recover of which phase'],
  ['onset.errors == 0 within 2s', 'it looks at whole phases, so here belongs during.errors'],
  ['after.recover < 1s within 2s', 'the left side must be a single metric'],
  ['during.errors < onset within 2s', 'the right side must not speak of during'],
])('%s', (slo, words) => {
  let message = ''
  try {
    parseSlo(slo)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    message = error.message
  }
  expect(message).toContain(words)
})

test.each([
  ['after.fallback < 1s', "--slo 'during.fallback < 1s'"],
  ['recover < 1s', "--slo 'after.recover < 1s'"],
  ['onset.herd < 2', "--slo 'after.herd < 2'"],
  ['setled.p99 < 2s', "--slo 'settled.p99 < 2s'"],
])('%s, meant is %s', (slo, suggestion) => {
  expect(() => parseSlo(slo)).toThrow(expect.objectContaining({ suggestions: [suggestion] }))
})
