import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { startSandbox } from '../src/ops/sandbox/start-sandbox.js'
import { PURGED, seed } from './keys-seed.js'
import { Neighbour } from './neighbour.js'
import { median, readable, spread } from './statistics.js'
import { printTable, promise } from './table.js'

const ROUNDS = 3
/** How long a neighbour is watched where the work has no end of its own. */
const WATCHED_MS = 10_000
/** What a process of Node takes of the machine while it starts is not what it asks of the server. */
const START_MS = 2000
const BARE_PASS = 'node_modules/.cache/transparent-cache/bare-pass.mjs'

interface Case {
  name: string
  words: string[]
}

/** A million keys counted, measured and purged, beside what one would use otherwise, in one run. */
export async function benchKeys(): Promise<void> {
  const sandbox = await startSandbox()
  const redis = new Redis(sandbox.redis.url)
  const neighbour = new Neighbour(sandbox.redis.url, 'copilot:conv:c7')
  const directory = mkdtempSync(join(tmpdir(), 'bench-keys-'))
  try {
    await seed(redis)
    const cases = casesFor(sandbox.redis.url, sandbox.redis.port, directory)
    await benchPasses(cases, neighbour)
    await benchGentle(cases.gentle, neighbour)
    await benchPurges(cases, redis)
  } finally {
    rmSync(directory, { recursive: true, force: true })
    neighbour.close()
    redis.disconnect()
    await sandbox.stop()
  }
}

function casesFor(url: string, port: number, directory: string) {
  const cache = (...words: string[]) => [
    process.execPath,
    'bin/run.js',
    'keys',
    ...words,
    '--url',
    url,
    '--json',
  ]
  const cli = (words: string) => ['sh', '-c', `redis-cli -p ${port} ${words}`]
  const purge = ['purge', PURGED.family, '--apply', '--confirm', `127.0.0.1:${port}`, '--ledger', directory]
  return {
    count: { name: 'cache keys --sample 1', words: cache('--sample', '1') },
    scan: { name: 'redis-cli --scan', words: cli('--scan') },
    full: { name: 'cache keys --sample all', words: cache('--sample', 'all') },
    memkeys: { name: 'redis-cli --memkeys', words: cli('--memkeys') },
    bare: { name: 'ioredis, SCAN and a pipeline', words: [process.execPath, BARE_PASS, url] },
    gentle: { name: 'cache keys --sample all --gentle', words: cache('--sample', 'all', '--gentle') },
    purge: { name: 'cache keys purge --no-undo', words: cache(...purge, '--no-undo') },
    purgeWithUndo: { name: 'cache keys purge', words: cache(...purge) },
    xargs: {
      name: 'redis-cli --scan | xargs redis-cli unlink',
      words: cli(`--scan --pattern '${PURGED.pattern}' | xargs redis-cli -p ${port} unlink`),
    },
  } satisfies Record<string, Case>
}

type Cases = ReturnType<typeof casesFor>

async function benchPasses({ count, scan, full, memkeys, bare }: Cases, neighbour: Neighbour): Promise<void> {
  const passes = [count, scan, full, memkeys, bare]
  const times = passes.map((): number[] => [])
  const p99s = passes.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    // Whoever is first in one round is last in the next.
    const order = [...passes.keys()]
    for (const index of round % 2 === 0 ? order : order.reverse()) {
      const pass = async () => times[index]!.push(await run(passes[index]!))
      // Nothing is promised to others of the first two, and a neighbour takes one of two CPUs.
      if (index < 2) await pass()
      else p99s[index]!.push((await neighbour.during(pass)).p99)
    }
  }
  printTable([
    [`1,000,000 keys, ${ROUNDS} rounds`, 'wall, median (least–most)', "others' p99 meanwhile"],
    ...passes.map(({ name }, index) => [name, spread(times[index]!), index < 2 ? '-' : spread(p99s[index]!)]),
  ])
  /** Of figures of the same round. */
  const ratio = (of: number[][], a: number, b: number) =>
    median(of[a]!.map((figure, round) => figure / of[b]![round]!))
  kept('count by family ≤ 0.6 × redis-cli --scan', ratio(times, 0, 1), 0.6)
  kept('TTL, type and memory of every key ≤ 1.1 × redis-cli --memkeys', ratio(times, 2, 3), 1.1)
  kept("others' p99 meanwhile ≤ that under a bare ioredis pass", ratio(p99s, 2, 4), 1)
}

async function benchGentle(gentle: Case, neighbour: Neighbour): Promise<void> {
  const idle: number[] = []
  const meanwhile: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    idle.push((await neighbour.during(() => sleep(WATCHED_MS))).p99)
    const running = run(gentle, START_MS + WATCHED_MS)
    await sleep(START_MS)
    meanwhile.push((await neighbour.during(() => running)).p99)
  }
  printTable([
    [`${ROUNDS} rounds of ${readable(WATCHED_MS)}`, "others' p99, median (least–most)"],
    ['nobody', spread(idle)],
    [gentle.name, spread(meanwhile)],
  ])
  kept("--gentle: others' p99 ≤ 2 × idle", median(meanwhile.map((p99, round) => p99 / idle[round]!)), 2)
}

async function benchPurges({ purge, purgeWithUndo, xargs }: Cases, redis: Redis): Promise<void> {
  const purges = [purge, purgeWithUndo, xargs]
  const times = purges.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    const order = [...purges.keys()]
    for (const index of round % 2 === 0 ? order : order.reverse()) {
      const before = await redis.dbsize()
      times[index]!.push(await run(purges[index]!))
      const gone = before - (await redis.dbsize())
      if (gone !== PURGED.keys) throw new Error(`${purges[index]!.name} deleted ${gone} keys`)
      await seed(redis, PURGED.pattern)
    }
  }
  printTable([
    ['250,000 of 1,000,000 keys deleted', 'wall, median (least–most)', '× xargs'],
    ...purges.map(({ name }, index) => [
      name,
      spread(times[index]!),
      median(times[index]!.map((ms, round) => ms / times[2]![round]!)).toFixed(2),
    ]),
  ])
  const ratio = median(times[0]!.map((ms, round) => ms / times[2]![round]!))
  kept('purge of 250,000 keys without undo ≤ 0.6 × redis-cli --scan | xargs redis-cli unlink', ratio, 0.6)
}

function kept(text: string, ratio: number, most: number): void {
  promise(text, `${ratio.toFixed(2)} ×`, ratio <= most)
}

/** How long a command takes; one that is stopped has no end of its own. */
async function run({ name, words: [file = '', ...args] }: Case, stopAfterMs?: number): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(file, args, { stdio: 'ignore' })
  const timer = stopAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), stopAfterMs)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve)
    child.once('error', reject)
  })
  clearTimeout(timer)
  if (code !== 0 && stopAfterMs === undefined) throw new Error(`${name} ended with ${code}`)
  return performance.now() - startedAt
}
