import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { openCache, until, type TestCache } from '../../support/clients.js'

let sandbox: Sandbox
let loading: TestCache
let deleting: TestCache
beforeEach(async () => {
  sandbox = await startSandbox()
  loading = openCache(sandbox.redis.url)
  deleting = openCache(sandbox.redis.url)
  await until('both to be connected', async () => {
    await Promise.all([loading.cache.get('warm'), deleting.cache.get('warm')])
    return [loading, deleting].every(({ log }) => log.at(-1) === 'get miss')
  })
})
afterEach(async () => {
  await loading.close()
  await deleting.close()
  await sandbox.stop()
})

/** The server forgets everything, tombstones included, and both are back on it. */
async function loseTheData(): Promise<void> {
  await sandbox.redis.restart({ keepData: false })
  for (const { cache } of [loading, deleting])
    await until('up', async () => (await cache.set('other', 1), cache.getStatus().state === 'up'))
}

const delivered = async () => {
  await until('the del', async () => {
    await deleting.cache.del('k')
    return deleting.log.at(-1) === 'del ok'
  })
}

test('a load from before a del whose tombstone a restart has lost is not stored', async () => {
  let answer!: (value: string) => void
  const load = () => new Promise<string>((resolve) => (answer = resolve))
  const first = loading.cache.getOrLoad('k', load)
  await until('the load', () => answer !== undefined)
  await delivered()
  await loseTheData()
  // Nor is it joined by whoever comes after.
  const second = loading.cache.getOrLoad('k', () => Promise.resolve('new'))
  expect(await second).toBe('new')
  answer('old')
  expect(await first).toBe('old')
  await loading.cache.set('another', 1)
  expect(await deleting.cache.get('k')).not.toBe('old')
})

test('nor is a bare set that follows a get from before', async () => {
  expect(await loading.cache.get('k')).toBeNull()
  await delivered()
  await loseTheData()
  await loading.cache.set('k', 'old')
  expect(loading.log.at(-1)).toBe('set refused TOO_LATE')
  expect(await deleting.cache.get('k')).toBeNull()
})
