import { expect, test } from 'vitest'
import { readProbesFile } from '../../../src/ops/config/probes/probes-file.js'
import { loadTest } from '../../../src/ops/load/load-test.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { traffic } from './traffic.js'

const PHASES = { beforeMs: 500, duringMs: 1500, afterMs: 500 }

async function underStall(version: string): Promise<LoadReport> {
  const { probes, ...declared } = readProbesFile('examples/express-app/load.yaml')
  const PORT = String(await freePort())
  return loadTest({
    ...traffic({ ...PHASES, ratePerSecond: 25 }),
    ...PHASES,
    transitionMs: 500,
    fault: 'stall',
    subject: 'library',
    app: {
      command: [process.execPath, `examples/express-app/${version}.mjs`],
      readyUrl: `http://127.0.0.1:${PORT}/health`,
      probes,
      declared: { ...declared, keys: { weight: 8, count: 10, skew: 0.99, writes: 0 } },
      env: { PATH: process.env['PATH'], PORT },
      withSupabase: true,
    },
    slos: ['during.p50 < 250ms', 'during.errors == 0'],
    repeat: 1,
    quorum: 1,
    abortIf: [],
    // Nothing here is decided by how fast a machine is that other tests keep busy.
    maxLatenessMs: 600_000,
  })
}

test('the naive Express service hangs with its Redis and says nothing; the fixed one asks its database, and says so', async () => {
  const [naive, fixed] = await Promise.all([underStall('naive'), underStall('fixed')])
  const during = ({ phases }: LoadReport) => phases.find(({ name }) => name === 'during')
  expect(naive).toMatchObject({ verdict: 'fail', moments: { sign: null } })
  expect(naive.slos[0]).toMatchObject({ result: 'fail' })
  expect(during(naive)).toMatchObject({ loads: 0, errors: 0 })

  expect(fixed.reason).toBeUndefined()
  expect(fixed.slos[1]).toMatchObject({ result: 'pass' })
  expect(fixed.moments?.sign).toMatch(/\[TransparentCache\]|\[TransparentRateLimiter\]/)
  expect(during(fixed)?.loads).toBeGreaterThan(0)
}, 90_000)
