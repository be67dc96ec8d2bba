import { expect, test } from 'vitest'
import type { CacheBackend } from '../../../src/library/backends/backend.js'
import { createTransparentCache } from '../../../src/library/cache/create-transparent-cache.js'
import type { CacheOptions } from '../../../src/library/cache/options.js'
import { onEvent } from '../../../src/library/kernel/events.js'

const fine = (): CacheBackend => ({
  get: () => Promise.resolve(null),
  set: () => Promise.resolve(),
  del: () => Promise.resolve(),
})

let count = 0
function open(backend: unknown, options: CacheOptions = {}) {
  const name = `bad-input-${count++}`
  const log: string[] = []
  const warnings: string[] = []
  onEvent((event) => {
    if (event.type === 'warning' && event.subject === name) warnings.push(event.message)
    if (event.type !== 'operation' || event.cache !== name) return
    log.push([event.operation, event.result, event.errorType].filter(Boolean).join(' '))
  })
  const cache = createTransparentCache<unknown>(backend as CacheBackend, 'redis', { name, ...options })
  return { cache, log, warnings }
}

test.each<[string, unknown, RegExp]>([
  ['an empty key', '', /because it is empty$/],
  ['undefined', undefined, /because it is not a string but of type undefined$/],
  ['null', null, /because it is not a string but null$/],
  ['a number', 7, /because it is not a string but of type number$/],
  ['an object', { toString: () => 'secret' }, /because it is not a string but of type object$/],
  ['over 32 KiB', 'secret'.repeat(6000), /because it is over 32 KiB$/],
  ['over 32 KiB of UTF-8', '\u20ac'.repeat(11_000), /because it is over 32 KiB$/],
  ['half a character', 'secret\ud800', /because it holds half of a surrogate pair$/],
])('a key that is %s is refused in every operation, and warned about once', async (_, key, warning) => {
  const { cache, log, warnings } = open(fine())
  for (let i = 0; i < 3; i++) {
    expect(await cache.get(key as string)).toBeNull()
    expect(await cache.getOrLoad(key as string, () => Promise.resolve(i))).toBe(i)
    await cache.set(key as string, 1)
    await cache.del(key as string)
  }
  const refused = ['get', 'get', 'set', 'del'].map((operation) => `${operation} refused UNUSABLE_KEY`)
  expect(log).toEqual([...refused, ...refused, ...refused])
  expect(warnings).toEqual([expect.stringMatching(warning)])
  expect(warnings.join()).not.toContain('secret')
})

test.each(['k'.repeat(32 * 1024), '\u20ac'.repeat(10_922), 'a:*?[]{}%\u0000\n', '\u{1f600}'])(
  'a key at the edge is usable (%#)',
  async (key) => {
    const { cache, log } = open(fine())
    await cache.set(key, 1)
    expect(log).toEqual(['set ok'])
  },
)

const throwing = () => {
  throw new Error('secret')
}
test.each<[string, unknown, string, RegExp, CacheOptions?]>([
  ['a Map', new Map([['secret', 1]]), 'NOT_SERIALISABLE', /an instance of Map/],
  ['a function', { f: throwing }, 'NOT_SERIALISABLE', /a function/],
  ['null', null, 'NOT_SERIALISABLE', /because null is/],
  ['undefined', undefined, 'NOT_SERIALISABLE', /because undefined is/],
  ['too large', 'secret'.repeat(100), 'TOO_LARGE', /over maxValueBytes \(500\)/, { maxValueBytes: 500 }],
  ['too large in UTF-8', '\u20ac'.repeat(200), 'TOO_LARGE', /over maxValueBytes/, { maxValueBytes: 500 }],
  [
    'a getter that throws',
    Object.defineProperty({}, 'x', { get: throwing, enumerable: true }),
    'NOT_SERIALISABLE',
    /serializing it threw/,
  ],
  ['a toJSON that throws', { toJSON: throwing }, 'NOT_SERIALISABLE', /serializing it threw/],
  ['what serialize throws on', 1, 'NOT_SERIALISABLE', /serializing it threw/, { serialize: throwing }],
  [
    'what serialize gives no text for',
    1,
    'NOT_SERIALISABLE',
    /serialize gave no text/,
    { serialize: () => 7 as never },
  ],
  ['a reserved text', 1, 'RESERVED_TEXT', /begins with ~tc1:/, { serialize: () => '~tc1:secret' }],
])(
  'a value that is %s is refused, counted and warned about once',
  async (_, value, errorType, warning, options) => {
    const { cache, log, warnings } = open(fine(), options)
    for (let i = 0; i < 3; i++) await cache.set(`k${i}`, value)
    expect(log).toEqual(Array(3).fill(`set refused ${errorType}`))
    if (value === null || value === undefined) return
    expect(await cache.getOrLoad('k', () => Promise.resolve(value))).toBe(value)
    expect(log.slice(3)).toEqual(['get miss', `set refused ${errorType}`])
    expect(warnings).toEqual([expect.stringMatching(warning)])
    expect(warnings.join()).not.toContain('secret')
  },
)

test('kinds without number are no log without end', async () => {
  const { cache, warnings } = open(fine())
  for (let i = 0; i < 100; i++) {
    const Generated = { [`C${i}`]: class {} }[`C${i}`]!
    await cache.set('k', new Generated())
  }
  expect(warnings).toHaveLength(20)
})

// oxlint-disable-next-line unicorn/no-thenable
const thenable = Object.defineProperty({}, 'then', { get: throwing })
const nonsense: [string, () => unknown][] = [
  ['a number', () => 42],
  ['an object', () => ({})],
  ['an array', () => [1]],
  ['true', () => true],
  ['a function', () => throwing],
  ['undefined', () => undefined],
  ['a promise of undefined', () => Promise.resolve(undefined)],
  ['a promise of an object', () => Promise.resolve({ v: 1 })],
  ['a rejection without a reason', () => Promise.reject()],
  ['a rejection with a text', () => Promise.reject('secret')],
  ['a throw', throwing],
  ['a thenable whose then throws', () => thenable],
  [
    'a thenable that rejects',
    // oxlint-disable-next-line unicorn/no-thenable
    () => ({ then: (_: unknown, no: (reason: unknown) => void) => no(new Error('x')) }),
  ],
]

test.each(nonsense)('a backend that answers %s is a miss, and nothing throws', async (_, answer) => {
  const { cache, log } = open({ get: answer, set: answer, del: answer }, { journalMax: 0 })
  expect(await cache.get('k')).toBeNull()
  expect(await cache.getOrLoad('k', () => Promise.resolve('loaded'))).toBe('loaded')
  await cache.set('k', 1)
  await cache.del('k')
  await cache.close()
  expect(log.filter((line) => line.startsWith('get'))).toHaveLength(2)
  expect(log.some((line) => line.startsWith('get hit'))).toBe(false)
})

test.each(nonsense)('nor of one whose other abilities answer %s', async (_, answer) => {
  const abilities = { ping: answer, eval: answer, serverNow: answer, onReady: answer, close: answer }
  const { cache } = open({ ...fine(), ...abilities, started: thenable }, { journalMax: 0 })
  expect(await cache.get('k')).toBeNull()
  await cache.set('k', 1)
  await cache.del('k')
  expect(await cache.getOrLoad('k', () => Promise.resolve('loaded'))).toBe('loaded')
  await cache.close()
})

const getters = {}
for (const name of ['get', 'set', 'del', 'ping', 'eval', 'serverNow', 'onReady', 'close', 'started']) {
  Object.defineProperty(getters, name, { get: throwing, enumerable: true })
}
test.each<[string, unknown]>([
  ['nothing but getters that throw', getters],
  ['no methods', {}],
  ['a text', 'redis://localhost'],
  ['a number', 6379],
  ['a function', throwing],
  ['a proxy that refuses everything', new Proxy({}, { get: throwing, has: throwing })],
])('a backend that is %s gives a cache that misses', async (_, backend) => {
  const { cache, log } = open(backend, { journalMax: 0 })
  expect(await cache.get('k')).toBeNull()
  await cache.set('k', 1)
  await cache.del('k')
  expect(await cache.getOrLoad('k', () => Promise.resolve('loaded'))).toBe('loaded')
  await cache.close()
  expect(log[0]).toMatch(/^get error /)
})

test('a client that never says that it has started keeps nobody waiting for long', async () => {
  const { cache } = open({ ...fine(), started: new Promise(() => undefined) }, { deadlineMs: 20 })
  expect(await cache.get('k')).toBeNull()
})
