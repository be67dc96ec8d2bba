import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { createVirtualClock, type VirtualClock } from '../../../src/library/kernel/virtual-clock.js'
import { Observations } from '../../../src/library/cache/observations.js'

const WINDOW = 4000
let clock: VirtualClock
let seen: Observations
beforeEach(() => {
  clock = createVirtualClock()
  seen = new Observations(clock, WINDOW)
})
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

test('a key nobody looked at: anything but a tombstone may be there', () => {
  expect(seen.expectation('k')).toBe('*')
})

test('after a miss, the key must still be as it was found', () => {
  seen.missed('k', '')
  expect(seen.expectation('k')).toBe('-')
  seen.missed('j', '~tc1:tomb:a')
  expect(seen.expectation('j')).toBe('t~tc1:tomb:a')
})

test('a load slower than the window is not stored; the next one may', async () => {
  seen.missed('k', '')
  await clock.advance(WINDOW)
  expect(seen.expectation('k')).toBe('too-late')
  seen.missed('k', '')
  expect(seen.expectation('k')).toBe('-')
})

test('an earlier miss of the same kind keeps its time: its load may still be running', async () => {
  seen.missed('k', '')
  await clock.advance(WINDOW - 1)
  seen.missed('k', '')
  expect(seen.expectation('k')).toBe('-')
  await clock.advance(1)
  expect(seen.expectation('k')).toBe('too-late')
})

test('two misses that saw different things: no write is believed until the older one is out of the window', async () => {
  seen.missed('k', '')
  await clock.advance(1000)
  seen.missed('k', '~tc1:tomb:foreign')
  expect(seen.expectation('k')).toBe('too-late')
  await clock.advance(WINDOW - 1001)
  expect(seen.expectation('k')).toBe('too-late')
  await clock.advance(1)
  expect(seen.expectation('k')).toBe('t~tc1:tomb:foreign')
})

test('our own del vouches for what follows it, however late, unless a load was under way', async () => {
  seen.deleted('k', '~tc1:tomb:own')
  await clock.advance(10 * WINDOW)
  expect(seen.expectation('k')).toBe('t~tc1:tomb:own')
  seen.missed('k', '~tc1:tomb:own')
  expect(seen.expectation('k')).toBe('t~tc1:tomb:own')
  await clock.advance(WINDOW)
  expect(seen.expectation('k')).toBe('too-late')
})

test('our own del ends every doubt about the loads before it', () => {
  seen.missed('k', '')
  seen.missed('k', '~tc1:tomb:foreign')
  expect(seen.expectation('k')).toBe('too-late')
  seen.deleted('k', '~tc1:tomb:own')
  expect(seen.expectation('k')).toBe('t~tc1:tomb:own')
})

test('a tombstone of ours for a write that was lost makes no load under way newer than what others did', async () => {
  seen.missed('k', '')
  await clock.advance(1000)
  seen.takenAway('k', '~tc1:tomb:ours')
  await clock.advance(WINDOW - 1001)
  expect(seen.expectation('k')).toBe('too-late')
  await clock.advance(1)
  seen.takenAway('k', '~tc1:tomb:ours')
  expect(seen.expectation('k')).toBe('t~tc1:tomb:ours')
})

test('of two disagreeing groups of loads the last of the older one decides how long nothing is believed', async () => {
  seen.missed('k', '')
  await clock.advance(WINDOW - 1)
  seen.missed('k', '')
  seen.missed('k', '~tc1:tomb:foreign')
  await clock.advance(WINDOW - 1)
  expect(seen.expectation('k')).toBe('too-late')
})

test('a set ends one load; with the last of them the key is as if nobody were loading', async () => {
  seen.missed('k', '')
  seen.missed('k', '')
  seen.loadEnded('k')
  seen.saw('k', '"foreign"')
  expect(seen.expectation('k')).toBe('-')
  seen.loadEnded('k')
  seen.saw('k', '"foreign"')
  expect(seen.expectation('k')).toBe(`v${sha1('"foreign"')}`)
  seen.deleted('k', '~tc1:tomb:own')
  expect(seen.expectation('k')).toBe('t~tc1:tomb:own')
})

test('loads that began together may follow one another, and nobody else', () => {
  seen.missed('k', '')
  seen.missed('k', '')
  seen.loadEnded('k')
  seen.stored('k', '"mine"')
  seen.saw('k', '"foreign"')
  expect(seen.expectation('k')).toBe(`v${sha1('"mine"')}`)
})

test('a read without an answer relies on what was known before, or on nothing being there', () => {
  seen.unanswered('k')
  expect(seen.expectation('k')).toBe('-')
  seen.saw('j', '"v"')
  seen.unanswered('j')
  expect(seen.expectation('j')).toBe(`v${sha1('"v"')}`)
})

test('what loads is not pushed out by what is merely seen', () => {
  seen.missed('k', '')
  for (let i = 0; i < 10_001; i++) seen.saw(`k${i}`, '1')
  expect(seen.expectation('k')).toBe('-')
})

test('a value seen must be unchanged while the observation is fresh', async () => {
  seen.saw('k', '{"v":1}')
  expect(seen.expectation('k')).toBe(`v${sha1('{"v":1}')}`)
  await clock.advance(WINDOW)
  expect(seen.expectation('k')).toBe('*')
})

test('bounded: 10000 keys, and 4 MiB of text in short values only', () => {
  for (let i = 0; i < 10_001; i++) seen.missed(`k${i}`, '')
  expect([seen.expectation('k0'), seen.expectation('k1')]).toEqual(['*', '-'])
  seen.clear()
  const text = 'x'.repeat(64 * 1024)
  for (let i = 0; i < 65; i++) seen.saw(`k${i}`, text)
  expect([seen.expectation('k0'), seen.expectation('k1')]).toEqual(['*', `v${sha1(text)}`])
  seen.saw('long', `${text}x`)
  expect(seen.expectation('long')).toBe('*')
})
