import { createTcpDoor } from '../src/ops/faults/doors/tcp.js'
import type { Fault } from '../src/ops/faults/fault.js'
import type { Subject, SubjectCache } from '../src/ops/experiment/subjects/subject.js'

export interface FaultRunOptions {
  subject: Subject
  server: { host: string; port: number }
  fault: Fault
  duringMs: number
  ratePerSecond: number
}

export interface FaultRun {
  /** How long each cache operation begun under the fault kept its caller; Infinity for those that never returned. */
  waitsMs: number[]
  /** From the heal to the first hit of a read begun after it; Infinity for none within 15 s. */
  firstHitMs: number
}

const GIVE_UP_MS = 15_000
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

let runs = 0

/** One client behind a door of its own: warm, then the fault under an open-model load, then reads until the first hit. */
export async function faultRun(options: FaultRunOptions): Promise<FaultRun> {
  const { subject, server, fault, duringMs, ratePerSecond } = options
  const door = await createTcpDoor({ upstream: server })
  const cache = await subject.create({ redisUrl: `redis://${door.host}:${door.port}` })
  const key = `bench:${runs++}`
  try {
    await warm(cache, key)
    await fault.apply(door)
    const waits = await loadFor(cache, key, duringMs, ratePerSecond)
    await fault.lift(door)
    const firstHitMs = await firstHit(cache, key)
    await sleep(0)
    return { waitsMs: waits(), firstHitMs }
  } finally {
    await cache.close()
    await door.close()
  }
}

async function warm(cache: SubjectCache, key: string): Promise<void> {
  const end = performance.now() + 10_000
  do {
    if (performance.now() > end) throw new Error('the subject does not get warm')
    await cache.set(key, { key, version: 1 })
  } while ((await cache.get(key)) === null)
  await sleep(200)
}

async function loadFor(cache: SubjectCache, key: string, ms: number, ratePerSecond: number) {
  const operations: { startedAt: number; endedAt: number }[] = []
  const start = performance.now()
  const total = Math.floor((ms * ratePerSecond) / 1000)
  for (let index = 0; index < total; index++) {
    const due = start + (index * 1000) / ratePerSecond
    if (due > performance.now()) await sleep(due - performance.now())
    const operation = { startedAt: performance.now(), endedAt: Infinity }
    operations.push(operation)
    void perform(cache, key, index).then(() => (operation.endedAt = performance.now()))
  }
  // A sleep may end early or late by a little; the fault lasts as long as was asked.
  await sleep(Math.max(0, start + ms - performance.now()))
  return () => operations.map(({ startedAt, endedAt }) => endedAt - startedAt)
}

/** Eight reads of the warm key, then a write and an invalidation of others. */
async function perform(cache: SubjectCache, key: string, index: number): Promise<void> {
  const other = `${key}:${index % 50}`
  if (index % 10 === 8) await cache.set(other, { key: other, version: index })
  else if (index % 10 === 9) await cache.del(other)
  else await cache.get(key)
}

async function firstHit(cache: SubjectCache, key: string): Promise<number> {
  const healedAt = performance.now()
  let hitAt = Infinity
  while (hitAt === Infinity && performance.now() - healedAt < GIVE_UP_MS) {
    void cache.get(key).then((value) => {
      if (value !== null) hitAt = Math.min(hitAt, performance.now())
    })
    await sleep(5)
  }
  return hitAt - healedAt
}
