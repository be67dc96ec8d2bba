import { expect, test } from 'vitest'
import { environmentNamed } from '../../../src/ops/config/named-environment.js'

const environments = {
  staging: {
    hosts: ['redis-stg:6380', '::1'],
    production: false,
    variables: { REDIS_URL: 'STG_REDIS_URL', SUPABASE_URL: 'STG_SUPABASE_URL' },
  },
  odd: { hosts: ['h'], production: false, variables: { REDIS_PASSWORD: 'STG_REDIS_URL' } },
  bare: { hosts: ['h'], production: false },
}
const env = {
  REDIS_URL: 'redis://prod',
  REDIS_PASSWORD: 'canary-of-prod',
  SUPABASE_SERVICE_ROLE_KEY: 'canary-of-prod',
  ENABLE_RATE_LIMITER_REDIS: 'false',
  STG_REDIS_URL: 'redis://redis-stg:6380/1',
  STG_SUPABASE_URL: 'https://stg',
}
const named = (name: string, more: object = {}) =>
  environmentNamed(name, { env: { ...env, ...more }, environments })

test('its own addresses, no secret of another place, and the flags that are there', () => {
  const found = named('staging')
  expect(found).toMatchObject({
    REDIS_URL: 'redis://redis-stg:6380/1',
    SUPABASE_URL: 'https://stg',
    ENABLE_RATE_LIMITER_REDIS: 'false',
  })
  expect(Object.values(found)).not.toContain('canary-of-prod')
  expect(named('staging', { STG_REDIS_URL: 'redis://[::1]' })['REDIS_URL']).toBe('redis://[::1]')
})

test('without a name nothing changes', () => {
  expect(environmentNamed(undefined, { env, environments })).toEqual(env)
})

test.each([
  ['stagin', {}, 'UNKNOWN_ENVIRONMENT', ['--env staging']],
  ['constructor', {}, 'UNKNOWN_ENVIRONMENT', ['one of staging, odd, bare']],
  ['odd', {}, 'NAME_OF_SECRET', ['call it STG_REDIS_URL_PASSWORD']],
  ['bare', {}, 'NO_VARIABLES', [expect.stringContaining('BARE_REDIS_URL')]],
  ['staging', { STG_REDIS_URL: '' }, 'VARIABLE_NOT_SET', [expect.stringContaining('export STG_REDIS_URL')]],
  ['staging', { STG_REDIS_URL: 'redis://:canary@redis-prod:6380' }, 'FOREIGN_HOST', [expect.any(String)]],
  ['staging', { STG_REDIS_URL: 'redis://:canary@redis-stg:6379' }, 'FOREIGN_HOST', [expect.any(String)]],
])('%s with %j is refused: %s', (name, more, code, suggestions) => {
  let error: unknown
  try {
    named(name, more)
  } catch (caught) {
    error = caught
  }
  expect(error).toMatchObject({ kind: 'usage', code, suggestions })
  expect((error as Error).message).not.toContain('canary')
})
