import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../src/ops/sandbox/free-port.js'
import { cache } from '../support/cache.js'
import { leakIn, SECRETS } from './canary/secrets.js'

const FORMATS = ['text', 'json', 'junit', 'markdown', 'github', 'html']
const CAPTURED = `${SECRETS.code}-captured`

const PROBES = `setup:
  - { request: POST /login, capture: { token: { json: token } } }
probes:
  - request: GET /session?token={token}
    headers: { authorization: "Bearer {token}", x-api-key: ${SECRETS.value} }
  - { request: GET /health }
`

// The app repeats what it is told, and it is told most of it while Redis is away.
test('no secret of a probe in anything that a load test says or writes', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'load-secrets-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const probes = join(directory, 'probes.yaml')
  writeFileSync(probes, PROBES)
  const written = join(directory, 'written')
  const PORT = String(await freePort())
  const times = ['--before', '1s', '--during', '1s', '--after', '1s', '--transition', '500ms']
  const asked = ['--ready', `http://127.0.0.1:${PORT}/health`, '--probes', probes]
  const outputs = FORMATS.filter((format) => format !== 'text').flatMap((format) => [
    '--output',
    `${format}=${join(directory, `report.${format}`)}`,
  ])
  const { code, stdout, stderr } = await cache(
    [
      'load-test',
      '--fault=refused',
      '--rate=40',
      '--slo=during.errors == 0',
      ...times,
      ...asked,
      ...outputs,
      `--hgrm=${written}`,
      '--',
      process.execPath,
      resolve('test/cli/fixtures/talkative-app.mjs'),
    ],
    {
      cwd: directory,
      env: {
        PORT,
        TOKEN: CAPTURED,
        REDIS_URL: `redis://:${encodeURIComponent(SECRETS.url)}@cache.internal:6379`,
        CACHE_LOAD_LATENESS: '10s',
      },
    },
  )
  // It was under load, it failed, and what it printed is in the report without what it was told.
  expect([code, stderr, stdout]).toEqual([1, expect.anything(), expect.anything()])
  expect(stdout).toMatch(/first sign .*cannot[^]*\[redacted\]/)
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'probes.yaml')
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')] as const)
  expect(files.map(([name]) => name)).toEqual(
    expect.arrayContaining(['during.hgrm', ...FORMATS.slice(1).map((format) => `report.${format}`)]),
  )
  const said = [...files, ['stdout', stdout] as const, ['stderr', stderr] as const]
  expect(said.flatMap(([name, text]) => (leakIn(text) === null ? [] : [`${name}: ${leakIn(text)}`]))).toEqual(
    [],
  )
})
