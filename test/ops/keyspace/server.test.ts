import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { nameServer, openServer } from '../../../src/ops/keyspace/server.js'

const named = (url: string | undefined, environment: Record<string, string> = {}) =>
  nameServer({ url, environment, environments: {} })

test.each([
  ['redis://h:99999', /port up to 65535/],
  ['redis://h/abc', /--url names a database that is not a number/],
  ['redis://h/-1', /not a number/],
  ['redis://h/1/2', /not a number/],
  ['redis://h?port=7000', /names a port in its query/],
  ['redis://h?path=/run/redis.sock', /names a path in its query/],
  ['redis://h?password=canary', /carries a user or password/],
])('--url %s is refused', (url, message) => {
  expect(() => named(url)).toThrow(message)
  expect(() => named(url)).not.toThrow(/canary/)
})

test('REDIS_URL is held to the same, under its own name', () => {
  expect(() => named(undefined, { REDIS_URL: 'redis://:canary@h/x' })).toThrow(
    /REDIS_URL names a database that is not a number\.$/,
  )
})

test('a Redis that is switched off is not called unset', () => {
  const environment = { REDIS_URL: 'redis://h', CACHE_PROVIDER: 'none' }
  expect(() => named(undefined, environment)).toThrow(/CACHE_PROVIDER=none switches Redis off/)
  expect(() => named(undefined, {})).toThrow(/REDIS_URL is not set/)
})

test('a silence on rediss:// may be the lack of TLS, and that is said', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as { port: number }
  const hint = 'or redis:// instead of rediss://, if the server does not speak TLS'
  const suggestions = async (scheme: string) => {
    const error = await openServer(named(`${scheme}://127.0.0.1:${port}`)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'REDIS_TIMEOUT' })
    return (error as { suggestions: string[] }).suggestions
  }
  const [tls, plain] = await Promise.all([suggestions('rediss'), suggestions('redis')])
  expect(tls).toContain(hint)
  expect(plain).not.toContain(hint)
  silent.close()
})
