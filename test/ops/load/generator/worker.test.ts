import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forkProcess } from '../../../../src/ops/experiment/forked.js'
import { monotonicMs } from '../../../../src/ops/experiment/monotonic.js'
import type { FromWorker, Surface, ToWorker } from '../../../../src/ops/load/generator/messages.js'
import { askedIn, OUTCOME } from '../../../../src/ops/load/generator/outcome.js'
import type { Traffic } from '../../../../src/ops/load/generator/traffic.js'
import { startSandbox } from '../../../../src/ops/sandbox/start-sandbox.js'
import { traffic } from './traffic.js'

interface Row {
  dueMs: number
  startMs: number
  endMs: number
  outcome: number
}

const has = ({ outcome }: Row, bit: keyof typeof OUTCOME) => (outcome & OUTCOME[bit]) !== 0
const isAnswered = ({ endMs }: Row) => !Number.isNaN(endMs)

/** A worker, and everything that it has said. */
function startWorker() {
  const worker = forkProcess<ToWorker, FromWorker>({
    file: 'dist/ops/load/worker.js',
    called: 'the worker',
    serialization: 'advanced',
  })
  const messages: FromWorker[] = []
  const rows: Row[] = []
  let look = () => undefined as void
  worker.onMessage((message) => {
    messages.push(message)
    if (message.type === 'settled' || message.type === 'finished') {
      const { dueMs, startMs, endMs, outcome } = message.batch
      for (const [index, due] of dueMs.entries())
        rows.push({ dueMs: due, startMs: startMs[index]!, endMs: endMs[index]!, outcome: outcome[index]! })
    }
    look()
  })
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (isSo()) resolve()
      }
      look()
    })
  const all = <T extends FromWorker['type']>(type: T) =>
    messages.filter((each): each is Extract<FromWorker, { type: T }> => each.type === type)
  return { ...worker, rows, until, all }
}

async function underLoad(
  surface: Surface,
  given: Traffic,
  meanwhile: (worker: ReturnType<typeof startWorker>) => Promise<void>,
) {
  const worker = startWorker()
  try {
    worker.send({ type: 'prepare', surface, traffic: given })
    expect(await worker.next('prepared', 10_000)).toEqual({ type: 'prepared', problem: null })
    worker.send({ type: 'warm', deadlineMs: 10_000 })
    expect(await worker.next('warmed', 11_000)).toEqual({ type: 'warmed', settled: true, hitRatio: 1 })
    const originMs = monotonicMs() + 20
    worker.send({ type: 'begin', originMs })
    await meanwhile(worker)
    const endMs = monotonicMs() + 150
    worker.send({ type: 'finish', endMs, graceMs: 100 })
    const { unstarted } = (await worker.next('finished', 20_000))!
    const { rows } = worker
    const due = Array.from({ length: Math.ceil((endMs - originMs) / 2) }, (_, index) => index * 2)
    const handedIn = [...rows.map(({ dueMs }) => dueMs), ...unstarted]
    expect(handedIn.toSorted((left, right) => left - right)).toEqual(due)
    expect(rows.filter(({ startMs, dueMs }) => startMs < dueMs)).toEqual([])
    expect(rows.filter((row) => isAnswered(row) && row.endMs < row.startMs)).toEqual([])
    return worker
  } finally {
    await worker.end()
  }
}

describe.concurrent('a worker with a real Redis', () => {
  let sandboxes: Awaited<ReturnType<typeof startSandbox>>[]
  beforeAll(async () => {
    sandboxes = await Promise.all([startSandbox(), startSandbox()])
  })
  afterAll(() => Promise.all(sandboxes.map(({ stop }) => stop())))

  test('the library: everything that was due is handed in; without Redis the source answers for what was there', async () => {
    const [sandbox] = sandboxes
    const surface: Surface = {
      type: 'subject',
      subject: 'library',
      environment: { redisUrl: sandbox!.redis.url },
    }
    const limited: Traffic = { ...traffic, limiter: { share: 0.2, identifiers: 2, skew: 0.99 } }
    const worker = await underLoad(surface, limited, async ({ until, rows, send }) => {
      await until(() => rows.length >= 300)
      send({ type: 'fault' })
      await sandbox!.stop()
      const without = rows.length
      await until(() => rows.slice(without).filter((row) => has(row, 'fallback')).length >= 20)
    })
    const { rows, all } = worker
    const answered = rows.filter(isAnswered)
    for (const row of answered)
      expect(has(row, 'hit') || has(row, 'loaded')).toBe(askedIn(row.outcome) === 'read')
    expect(answered.filter((row) => has(row, 'error'))).toEqual([])
    expect(answered.filter((row) => has(row, 'fallback') && !has(row, 'loaded'))).toEqual([])
    expect(rows.slice(0, 300).some((row) => has(row, 'hit'))).toBe(true)
    // Five in half a second of each of two callers, and 50 are asked for.
    expect(rows.slice(0, 300).some((row) => has(row, 'denied') && !has(row, 'uncounted'))).toBe(true)
    expect(rows.some((row) => has(row, 'uncounted') && !has(row, 'denied'))).toBe(true)
    expect(rows.some((row) => has(row, 'uncounted') && has(row, 'overAdmitted'))).toBe(true)
    expect(rows.filter((row) => has(row, 'overAdmitted') && !has(row, 'uncounted'))).toEqual([])

    const loads = all('loads').flatMap(({ atMs }) => [...atMs])
    expect(loads).toEqual(loads.toSorted((left, right) => left - right))
    expect(loads.length).toBeGreaterThan(0)
    expect(all('limiters')[0]?.limiters.map(({ name }) => name)).toEqual(['drill-open', 'drill-closed'])
    expect(all('signals').flatMap(({ signals }) => signals.map(({ kind }) => kind))).toContain('metric')
    expect(
      all('beats')
        .flatMap(({ lateMs }) => [...lateMs])
        .every((each) => each >= 0),
    ).toBe(true)
    const vitals = all('vitals').flatMap(({ records }) => records)
    const cpu = vitals.map(({ cpuMs }) => cpuMs)
    expect(cpu).toEqual(cpu.toSorted((left, right) => left - right))
    expect(vitals.at(-1)?.rssBytes).toBeGreaterThan(1e7)
  })

  test('a naive cache: no miss is called a fallback while all is well, and what hangs is handed in as never answered', async () => {
    const [, sandbox] = sandboxes
    const surface: Surface = {
      type: 'subject',
      subject: 'naive-ioredis5',
      environment: { redisUrl: sandbox!.redis.url },
    }
    let healthy = 0
    const { rows } = await underLoad(surface, traffic, async ({ until, all, rows: seen }) => {
      await until(() => seen.length >= 300)
      healthy = seen.length
      await sandbox!.stop()
      await until(() => all('vitals').some(({ records }) => records.some(({ inFlight }) => inFlight >= 20)))
    })
    expect(rows.slice(0, healthy).some((row) => has(row, 'loaded'))).toBe(true)
    expect(rows.slice(0, healthy).filter((row) => has(row, 'fallback') || has(row, 'error'))).toEqual([])
    expect(rows.filter((row) => !isAnswered(row)).length).toBeGreaterThanOrEqual(20)
  })
})

test('what cannot be made is told, with what is wrong about the request', async () => {
  const worker = startWorker()
  try {
    const module = {
      name: './none.js',
      file: '/no/such/none.js',
      exportName: null,
      protocol: 'resp',
    } as const
    const environment = { redisUrl: null }
    worker.send({ type: 'prepare', surface: { type: 'subject', subject: module, environment }, traffic })
    expect(await worker.next('prepared', 10_000)).toMatchObject({
      problem: expect.stringContaining('./none.js'),
      misuse: { code: 'MODULE_NOT_IMPORTED' },
    })
  } finally {
    await worker.end()
  }
})
