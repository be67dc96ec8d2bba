import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import { resolveBackend } from '../../../src/library/backends/resolve.js'
import { onThisServer } from '../../../src/ops/doctor/redis-cli.js'
import { startSandbox } from '../../../src/ops/sandbox/start-sandbox.js'

const line = (environment: Record<string, string>, command = 'redis-cli ROLE') =>
  onThisServer(command, resolveBackend(environment).backend)

test.each([
  [{ REDIS_URL: 'redis://h' }, 'redis-cli -h h -p 6379 ROLE'],
  [{ REDIS_URL: 'rediss://h:1/3' }, 'redis-cli -h h -p 1 --tls -n 3 ROLE'],
  [{ REDIS_URL: 'redis://[::1]:1' }, 'redis-cli -h ::1 -p 1 ROLE'],
  [{ REDIS_URL: 'redis://:canary-1@h' }, 'redis-cli -h h -p 6379 --askpass ROLE'],
  [{ REDIS_URL: 'redis://app:canary-1@h' }, 'redis-cli -h h -p 6379 --user app --askpass ROLE'],
  [
    { REDIS_URL: 'redis://a%20b:canary-1@h', REDIS_PASSWORD: 'canary-2' },
    "redis-cli -h h -p 6379 --user 'a b' --askpass ROLE",
  ],
  [{ REDIS_URL: 'redis://canary-1@h' }, 'redis-cli -h h -p 6379 ROLE'],
  [
    { REDIS_URL: 'redis://app@h', REDIS_PASSWORD: 'canary-2' },
    'REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli -h h -p 6379 --user app ROLE',
  ],
] as [Record<string, string>, string][])('%j', (environment, expected) => {
  expect(line(environment)).toBe(expected)
  expect(line(environment)).not.toContain('canary')
})

test('other commands, and other backends, stay as they are', () => {
  expect(line({ REDIS_URL: 'redis://h' }, 'ss -ltnp')).toBe('ss -ltnp')
  expect(line({})).toBe('redis-cli ROLE')
})

test('it runs as pasted, and no argument of it is the password', async () => {
  const sandbox = await startSandbox()
  const admin = await createOperatorClient({ url: sandbox.redis.url })
  await admin.send('ACL', 'SETUSER', 'app', 'on', '>canary-2', '~*', '+@all')
  await admin.send('CONFIG', 'SET', 'requirepass', 'another-one')
  const environment = { REDIS_URL: sandbox.redis.url.replace('//', '//app@'), REDIS_PASSWORD: 'canary-2' }
  const env = { PATH: process.env['PATH'], ...environment }
  const pasted = line(environment, 'redis-cli ACL WHOAMI')
  const { stdout } = await promisify(execFile)('sh', ['-c', pasted], { env })
  expect(stdout).toBe('app\n')
  admin.close()
  await sandbox.stop()
})
