import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../../src/ops/config/load.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-load-settings-'))
  // Ends the search upwards.
  writeFileSync(join(directory, 'package.json'), '{}')
})
afterEach(() => rmSync(directory, { recursive: true }))

function project(load: unknown): void {
  writeFileSync(join(directory, 'cache.config.json'), JSON.stringify({ load }))
}

test('without anything said, 25 s of a healthy library at 200/s', async () => {
  const { settings } = await loadConfig({ directory, env: {} })
  expect(settings.load).toEqual({
    subject: 'library',
    fault: 'none',
    seed: 1,
    rate: 200,
    before: 5000,
    during: 10_000,
    after: 10_000,
    slo: [],
    lateness: 25,
  })
})

test('SLOs are a list in the project file, and have a ; between them in the variable', async () => {
  project({ slo: ['during.errors==0', 'during.p99<1s'] })
  expect((await loadConfig({ directory, env: {} })).settings.load.slo).toEqual([
    'during.errors==0',
    'during.p99<1s',
  ])
  const env = { CACHE_LOAD_SLO: 'after.ok > 0; during.errors == 0;' }
  expect((await loadConfig({ directory, env })).settings.load.slo).toEqual([
    'after.ok > 0',
    ' during.errors == 0',
  ])
})

test('what is no list of SLOs names its place', async () => {
  project({ slo: [7] })
  await expect(loadConfig({ directory, env: {} })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/^load\.slo \(from .*cache\.config\.json\): is not a list of SLOs\.$/),
  })
})
