import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KeysReport } from '../../../src/ops/report/keys-report.js'
import type { PurgeReport } from '../../../src/ops/report/purge-report.js'
import { startServer, type TestServer } from './servers.js'

/** A million in `npm run proof`. */
const KEYS = Number(process.env['KEYS'] ?? 100_000)
/** What the collector of Node lets lie about, which does not depend on how many keys there are. */
const MOST_BYTES = 60 * 2 ** 20
const MOST_BYTES_PER_KEY = 16
const AT_ONCE = 10_000
/** Prints the most memory that the process ever had, in KiB, when it ends. */
const TELL_PEAK =
  "data:text/javascript,process.on('exit',()=>process._rawDebug(process.resourceUsage().maxRSS))"

let redis: TestServer
let ledgers: string

beforeAll(async () => {
  redis = await startServer()
  ledgers = await mkdtemp(join(tmpdir(), 'keys-memory-'))
  const fill = `for i = ARGV[1], ARGV[2] do redis.call('SET', 'copilot:conv:' .. i, '{}', 'EX', 50000 + i) end`
  for (let from = 0; from < KEYS; from += AT_ONCE) {
    await redis.server.client.send('EVAL', fill, 0, from, Math.min(KEYS, from + AT_ONCE) - 1)
  }
}, 120_000)
afterAll(async () => {
  await redis.stop()
  await rm(ledgers, { recursive: true })
})

// Each against the same command on an empty database; what deletes comes last.
for (const { what, argv, keysOf } of [
  {
    what: 'all measured',
    argv: ['keys', '--sample', 'all'],
    keysOf: (report: unknown) => (report as KeysReport).scan.keysSeen,
  },
  {
    what: 'a purge planned',
    argv: ['keys', 'purge', 'conv'],
    keysOf: (report: unknown) => (report as PurgeReport).plan.keys,
  },
  {
    what: 'purged, with an undo file',
    argv: ['keys', 'purge', 'conv', '--apply'],
    keysOf: (report: unknown) => (report as PurgeReport).result?.deleted ?? 0,
  },
]) {
  test(
    `${KEYS} keys, ${what}: at most 60 MB and 16 B per key more than none`,
    { timeout: 300_000 },
    async () => {
      const none = await measure(argv, `${redis.named.url}/1`)
      const all = await measure(argv, redis.named.url)
      expect([keysOf(none.report), keysOf(all.report)]).toEqual([0, KEYS])
      const more = all.peakBytes - none.peakBytes
      console.log(`${KEYS} keys, ${what}: ${(more / 2 ** 20).toFixed(0)} MB more than for none`)
      expect(more).toBeLessThanOrEqual(MOST_BYTES + MOST_BYTES_PER_KEY * KEYS)
    },
  )
}

async function measure(
  argv: readonly string[],
  url: string,
): Promise<{ report: unknown; peakBytes: number }> {
  const confirmed = argv.includes('--apply')
    ? ['--confirm', redis.named.target.name, '--ledger', ledgers]
    : []
  const child = spawn(
    process.execPath,
    ['--import', TELL_PEAK, resolve('bin/run.js'), ...argv, ...confirmed, '--json', '--url', url],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await new Promise((done) => child.once('close', done))
  return { report: JSON.parse(stdout), peakBytes: Number(/(\d+)\s*$/.exec(stderr)?.[1]) * 1024 }
}
