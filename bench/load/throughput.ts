import { Redis } from 'ioredis'
import { createTcpDoor } from '../../src/ops/faults/doors/tcp.js'
import { startSandbox } from '../../src/ops/sandbox/start-sandbox.js'
import { median } from '../statistics.js'
import { printTable, promise } from '../table.js'
import { drive, READS } from './drive.js'
import { subjectSurface } from './known-surfaces.js'

const CONNECTIONS = 50
const ROUNDS = 5
const RAW_SECONDS = 3
const SECONDS = 5
const BYTES = 1000
/** Of what raw clients reach: an open model shows what it can do when more is due than that. */
const ABOVE = 1.5
const LEAST = 0.6

const families = READS.families.map((family) => ({ ...family, bytes: [BYTES] }))
const thousands = (rate: number) => `${(rate / 1000).toFixed(1)}k`

/** Answers per second of the worker with more due than it can do, beside clients that ask again as soon as they are answered. */
export async function benchThroughput(): Promise<void> {
  const sandbox = await startSandbox()
  const door = await createTcpDoor({ upstream: sandbox.redis })
  try {
    const { url } = sandbox.redis
    // Stores the values that both read.
    await drive({ surface: subjectSurface('connections', url), traffic: { ...READS, families }, seconds: 3 })
    const raws: number[] = []
    const workers: number[] = []
    const worker = async (at: string, rate: number) => {
      const traffic = { ...READS, families, ratePerSecond: Math.round(rate * ABOVE) }
      const surface = subjectSurface('connections', at)
      return (await drive({ surface, traffic, seconds: SECONDS })).answersPerSecond
    }
    for (let round = 0; round < ROUNDS; round++) {
      // Whoever is first in one round is second in the next.
      if (round % 2 === 0) raws.push(await raw(url))
      workers.push(await worker(url, raws.at(-1)!))
      if (round % 2 === 1) raws.push(await raw(url))
    }
    const throughDoor = await worker(`redis://127.0.0.1:${door.port}`, raws.at(-1)!)
    const ratios = workers.map((rate, round) => rate / raws[round]!)
    const spreadOf = (numbers: number[], show: (number: number) => string) =>
      `${show(median(numbers))} (${show(Math.min(...numbers))}–${show(Math.max(...numbers))})`
    const times = (ratio: number) => ratio.toFixed(2)
    printTable([
      [`GET of 1 kB, ${CONNECTIONS} connections`, 'answers/s, median (least–most)', '× raw ioredis'],
      ['raw ioredis, closed loop', spreadOf(raws, thousands), '1.00'],
      ['worker, no door in between', spreadOf(workers, thousands), spreadOf(ratios, times)],
      ['worker, through the door (once)', thousands(throughDoor), times(throughDoor / median(raws))],
    ])
    promise(`worker: ≥ ${LEAST} × raw ioredis`, times(median(ratios)), median(ratios) >= LEAST)
  } finally {
    await door.close()
    await sandbox.stop()
  }
}

/** One request in flight on each connection. */
async function raw(url: string): Promise<number> {
  const clients = Array.from({ length: CONNECTIONS }, () => new Redis(url))
  try {
    await Promise.all(clients.map((client) => client.ping()))
    let answers = 0
    const startMs = performance.now()
    const endMs = startMs + RAW_SECONDS * 1000
    await Promise.all(
      clients.map(async (client, index) => {
        for (let turn = index; performance.now() < endMs; turn += CONNECTIONS) {
          if ((await client.getBuffer(`bench:${turn % 1000}`)) === null) throw new Error('nothing is stored')
          answers += 1
        }
      }),
    )
    return (answers * 1000) / (performance.now() - startMs)
  } finally {
    clients.forEach((client) => client.disconnect())
  }
}
