import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'

const cwd = mkdtempSync(join(tmpdir(), 'cache-upstash-'))
afterAll(() => rmSync(cwd, { recursive: true }))

test('R14 mends what means the same in one place only, and leaves the rest to the author', async () => {
  const code = [
    "import { Redis } from '@upstash/redis'",
    'const stop = new AbortController()',
    'export const inPlace = new Redis({ signal: AbortSignal.timeout(300) })',
    'export const elsewhere = new Redis({ signal: stop.signal })',
    'export const twice = new Redis({ retry: false })',
    'export const parsed = async () => JSON.parse((await twice.get("a"))!)',
  ]
  writeFileSync(join(cwd, 'clients.ts'), code.join('\n'))
  const { findings } = await audit({ paths: ['.'], cwd, rules: ['R14'] })
  expect(findings.map(({ line, severity, fix }) => [line, severity, fix])).toEqual([
    [3, 'error', 'make a signal for each request'],
    [4, 'error', null],
    [5, 'warn', 'write retry: { retries: 0 }'],
    [6, 'error', null],
  ])
})
