import { describe, expect, test } from 'vitest'
import type { OperationRecord } from '../../../src/ops/experiment/measurement.js'
import { numbered } from '../../../src/ops/experiment/supabase/numbered.js'
import { operation } from '../outage/measurements.js'

const CREATED = 1_000_000
/** The database's clock at the first instant of `before`. */
const ORIGIN = CREATED + 40
const known = (latest = Number.NaN) => ({
  created: new Map([['k', CREATED]]),
  latest: new Map([['k', latest]]),
  originMs: ORIGIN,
})
const read = (startMs: number, stamp: number | null) => operation(startMs, { key: 'k', version: stamp })
const write = (startMs: number, endMs: number | null, stamp: number | null, error: string | null = null) =>
  operation(startMs, { key: 'k', kind: 'put', version: stamp, endMs, error, source: null })

const versions = (operations: OperationRecord[], latest?: number) =>
  numbered(operations, known(latest)).operations.map(({ version }) => version)

test('versions are counted from the one that the record was created with, in the order of the stamps', () => {
  const operations = [
    read(1, CREATED),
    write(10, 12, CREATED + 50),
    write(20, 22, CREATED + 60),
    read(30, CREATED + 50),
    read(31, CREATED + 60),
    read(32, null),
  ]
  expect(versions(operations)).toEqual([1, 2, 3, 2, 3, null])
  expect(numbered(operations, known()).writes).toEqual([
    { key: 'k', version: 2, process: 'main', committedMs: 10, acknowledgedMs: 12 },
    { key: 'k', version: 3, process: 'main', committedMs: 20, acknowledgedMs: 22 },
  ])
})

test('writes that were under way together are one version, there since the first began', () => {
  const operations = [write(12, 30, CREATED + 50), write(10, 29, CREATED + 60), write(40, 41, CREATED + 70)]
  expect(versions(operations)).toEqual([2, 2, 3])
  expect(numbered(operations, known()).writes.map(({ committedMs }) => committedMs)).toEqual([12, 10, 40])
})

test('a stamp that nobody was told of is none', () => {
  expect(versions([write(10, 12, CREATED + 50), read(20, CREATED + 55)])).toEqual([2, null])
  expect(versions([read(20, CREATED - 5)])).toEqual([null])
})

test.each([
  ['failed', write(14, 16, null, 'StoreError: too slow')],
  ['never returned', write(14, null, null)],
])('unless a write %s, which may have been carried out: it is no older than what is known', (_, untold) => {
  const operations = [write(10, 12, CREATED + 50), untold, read(20, CREATED + 55), read(21, CREATED + 50)]
  expect(versions(operations)).toEqual([2, null, 2, 2])
  expect(numbered(operations, known()).writes).toHaveLength(1)
})

describe('what the record has in the end', () => {
  const failed = (startMs: number, endMs: number | null) =>
    write(startMs, endMs, null, 'StoreError: too slow')
  const LATEST = CREATED + 60

  test('was made by a write that failed, where nobody was told of it, and is known from that failure on', () => {
    const operations = [
      write(10, 12, CREATED + 50),
      failed(15, 3015),
      read(3100, LATEST),
      read(3101, CREATED + 50),
    ]
    expect(versions(operations, LATEST)).toEqual([2, null, 3, 2])
    expect(numbered(operations, known(LATEST)).writes.at(-1)).toEqual({
      key: 'k',
      version: 3,
      process: 'main',
      committedMs: 15,
      acknowledgedMs: 3015,
    })
  })

  test.each([
    ['one has not returned', [failed(15, 3015), failed(16, null)]],
    ['it may have been carried out after it was given up', [failed(15, 50)]],
  ])('is known to nobody where %s', (_, writes) => {
    expect(numbered(writes, known(LATEST)).writes).toMatchObject([{ version: 2, acknowledgedMs: null }])
  })

  test.each([
    ['a write was told of it', [write(10, 12, LATEST), failed(15, 3015)], LATEST],
    ['none that failed was carried out', [failed(15, 3015)], CREATED],
  ])('tells nothing more where %s', (_, operations, latest) => {
    const told = operations.filter(({ error }) => error === null)
    expect(numbered(operations, known(latest)).writes).toHaveLength(told.length)
  })
})
