import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { adoptDotEnv, readDotEnv } from '../../../src/ops/config/dot-env.js'
import { maskedAddress, maskedSetting } from '../../../src/ops/config/mask.js'
import { showConfig } from '../../../src/ops/config/show.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-config-show-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('.env: the application’s own variables and no others, below what is exported; the file stays as it is', () => {
  const text =
    'export REDIS_URL="redis://h/1" # cache\nSUPABASE_URL=https://s\nNEXT_PUBLIC_A=1\nPATH=/evil\nCACHE_OUTAGE_RATE=7\nNODE_OPTIONS=--x\n'
  writeFileSync(join(directory, '.env'), text)
  const env: Record<string, string | undefined> = { SUPABASE_URL: '' }
  expect(adoptDotEnv(env, directory)).toHaveLength(2)
  expect(env).toEqual({ SUPABASE_URL: '', REDIS_URL: 'redis://h/1', NEXT_PUBLIC_A: '1' })
  expect(readFileSync(join(directory, '.env'), 'utf8')).toBe(text)
})

test('no .env, or a directory of that name, is none', () => {
  expect(readDotEnv(directory)).toEqual({})
  mkdirSync(join(directory, '.env'))
  expect(readDotEnv(directory)).toEqual({})
})

test.each([
  ['redis://user:pw@h:6380/2?password=x', 'redis://[redacted]@h:6380/2'],
  ['rediss://token@h', 'rediss://[redacted]@h'],
  ['https://x.supabase.co/', 'https://x.supabase.co'],
  ['h:pw@x y', '<unparsable REDIS_URL>'],
  ['redis://user:12/pw@h', '<unparsable REDIS_URL>'],
  ['redis://user:pw#@h', '<unparsable REDIS_URL>'],
  ['localhost', '<unparsable REDIS_URL>'],
])('the address %s is shown as %s', (value, shown) => {
  expect(maskedAddress('REDIS_URL', value)).toBe(shown)
})

test.each([
  ['doctor.client.options.password', 'x', '[redacted]'],
  ['doctor.client.options.sentinelPassword', 'x', '[redacted]'],
  ['doctor.client.options.url', 'redis://:pw@h', 'redis://[redacted]@h'],
  ['environments.a.hosts', ['redis://:pw@h', 'h2'], ['redis://[redacted]@h', 'h2']],
  ['environments.a.variables.REDIS_PASSWORD', 'STG_PASSWORD', 'STG_PASSWORD'],
  ['families.token.ttl', 900, 900],
  ['outage.rate', 0, 0],
  ['outage.budgets.p99', undefined, null],
])('the setting %s: %j is shown as %j', (path, value, shown) => {
  expect(maskedSetting(path, value)).toEqual(shown)
})

test('where a variable is from, and what it overrode; no secret at all', () => {
  const report = showConfig({
    layers: {},
    file: null,
    variables: { REDIS_URL: 'redis://:canary@h', REDIS_PASSWORD: 'canary', SUPABASE_URL: 'https://b' },
    fromDotEnv: new Set(['REDIS_URL']),
    dotEnv: { REDIS_URL: 'redis://:canary@h', SUPABASE_URL: 'https://a' },
  })
  const variable = (name: string) => report.variables.find((each) => each.name === name)
  expect(variable('REDIS_URL')).toMatchObject({ value: 'redis://[redacted]@h', from: '.env', overrode: [] })
  expect(variable('REDIS_PASSWORD')).toMatchObject({ value: '[redacted]', from: 'environment' })
  expect(variable('SUPABASE_URL')).toMatchObject({
    value: 'https://b',
    from: 'environment',
    overrode: [{ value: 'https://a', from: '.env' }],
  })
  expect(variable('CACHE_PROVIDER')).toMatchObject({ value: null, from: null })
  expect(JSON.stringify(report)).not.toContain('canary')
})
