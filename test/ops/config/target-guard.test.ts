import { expect, test } from 'vitest'
import { identifyTarget, requireConfirmation } from '../../../src/ops/config/target-guard.js'

const environments = {
  staging: { hosts: ['redis-stg:6380'], production: false },
  prod: { hosts: ['redis-prod'], production: true },
}

test.each([
  ['redis://redis-stg:6380/0', 'staging', false],
  ['redis://redis-stg:6379', 'redis-stg:6379', true],
  ['redis://redis-prod:7000', 'prod', true],
  ['redis://user:pw@somewhere', 'somewhere:6379', true],
  ['redis://127.0.0.1:6379', '127.0.0.1:6379', true],
  ['redis://127.0.0.1:7777', '127.0.0.1:7777', false],
  ['redis://[::1]:6379', '::1:6379', true],
])('%s is %s, production: %s', (url, name, production) => {
  const target = identifyTarget({ url, environments, ours: ['127.0.0.1:7777'] })
  expect(target).toMatchObject({ name, production })
  expect(JSON.stringify(target)).not.toContain('pw')
})

test('the fingerprint tells servers and databases apart, not credentials', () => {
  const print = (url: string) => identifyTarget({ url, environments }).fingerprint
  expect(print('redis://a:pw@h/0')).toBe(print('redis://h/0'))
  expect(print('redis://h/0')).not.toBe(print('redis://h/1'))
  for (const same of ['redis://h', 'redis://h/', 'redis://h:6379'])
    expect(print(same)).toBe(print('redis://h/0'))
  expect(print('redis://h?db=1')).toBe(print('redis://h/1'))
  expect(print('redis://h:1/0')).not.toBe(print('redis://h:2/0'))
})

test('production needs its own name, and nothing else will do', () => {
  const target = identifyTarget({ url: 'redis://redis-prod', environments })
  for (const confirmed of [undefined, '', 'yes', 'PROD', 'prod ']) {
    expect(() => requireConfirmation(target, 'purge conv', confirmed)).toThrow(/Refused to purge conv/)
  }
  requireConfirmation(target, 'purge conv', 'prod')
  requireConfirmation(
    identifyTarget({ url: 'redis://redis-stg:6380', environments }),
    'purge conv',
    undefined,
  )
})
