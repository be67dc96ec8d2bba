import { describe, expect, test } from 'vitest'
import type { CacheBackend } from '../../../src/library/index.js'
import { backendContract } from '../../../src/ops/testing/index.js'
import { mapBackend } from '../../contract/map.js'

const NO_SCRIPTS = { scripts: 'a Map runs no scripts', close: 'a Map has nothing to close' }

/** Names of the checks below `prefix` that a backend breaks. */
async function broken(
  change: (backend: CacheBackend) => Partial<CacheBackend>,
  only: (name: string) => boolean,
): Promise<string[]> {
  const entries = new Map<string, { text: string; endsAt: number }>()
  const create = () => {
    const backend = mapBackend(entries)
    return { ...backend, ...change(backend) }
  }
  const names: string[] = []
  for (const { name, exempt, run } of backendContract({ create, exempt: NO_SCRIPTS })) {
    if (exempt !== undefined || !only(name)) continue
    await run().catch(() => names.push(name))
  }
  return names
}

// Those that find nothing wait for it to the end.
describe.concurrent('a backend that does it wrong is caught', () => {
  const about = (what: string) => (name: string) => name.includes(what)
  test.each<[string, (backend: CacheBackend) => Partial<CacheBackend>, (name: string) => boolean]>([
    [
      'answers undefined for absence',
      ({ get }) => ({ get: async (key) => (await get(key)) ?? (undefined as never) }),
      about('never set'),
    ],
    [
      'has no empty texts',
      ({ get }) => ({ get: async (key) => (await get(key)) || null }),
      about('the empty text'),
    ],
    [
      'trims',
      ({ set }) => ({ set: (key, text, ttl) => set(key, text.trim(), ttl) }),
      about('spaces at both ends'),
    ],
    [
      'keeps the low byte of letters',
      ({ set }) => ({ set: (key, text, ttl) => set(key, Buffer.from(text, 'latin1').toString(), ttl) }),
      about('the same text: an emoji'),
    ],
    [
      'normalises texts',
      ({ set }) => ({ set: (key, text, ttl) => set(key, text.normalize(), ttl) }),
      about('combining marks'),
    ],
    [
      'parses JSON',
      ({ get }) => ({
        get: async (key) => {
          const text = await get(key)
          return text === null ? null : String(parsed(text))
        },
      }),
      about('looks like JSON'),
    ],
    [
      'cuts at 100 kB',
      ({ set }) => ({ set: (key, text, ttl) => set(key, text.slice(0, 1e5), ttl) }),
      about('the same text: 1 MiB'),
    ],
    [
      'ignores the case of keys',
      (backend) => onKeys(backend, (key) => key.toLowerCase()),
      about('upper and lower case'),
    ],
    [
      'cuts keys',
      (backend) => onKeys(backend, (key) => key.slice(0, 9000)),
      about('10 kB that differ at the end'),
    ],
    ['decodes keys', (backend) => onKeys(backend, decodeURIComponent), about('per cent')],
    ['makes spaces of plus', (backend) => onKeys(backend, (key) => key.replaceAll('+', ' ')), about('plus')],
    [
      'ends keys at #',
      (backend) => onKeys(backend, (key) => key.split(/[?#]/)[0]!),
      about('ends or parts a URL'),
    ],
    [
      'ends keys at NUL',
      (backend) => onKeys(backend, (key) => key.split('\0')[0]!),
      about('key is taken as it is: spaces, line ends'),
    ],
    ['forgets to delete', () => ({ del: () => Promise.resolve() }), about('what was deleted is gone')],
    [
      'rejects where there is nothing to delete',
      ({ get, del }) => ({
        del: async (key) => {
          if ((await get(key)) === null) throw new Error('no such key')
          await del(key)
        },
      }),
      about('del of a key that is not there'),
    ],
    ['takes a TTL for ms', (backend) => onTtl(backend, (ttl) => ttl / 1000), about('a TTL is in seconds')],
    ['has no TTL', (backend) => onTtl(backend, () => Infinity), about('a TTL is in seconds')],
    ['rounds a TTL up', (backend) => onTtl(backend, Math.ceil), about('a TTL keeps its milliseconds')],
    ['rounds a TTL down', (backend) => onTtl(backend, Math.floor), about('a TTL keeps its milliseconds')],
    [
      'has a TTL where there was none',
      ({ set }) => ({ set: (key, text, ttl) => set(key, text, ttl ?? 0.1) }),
      about('the last set decides'),
    ],
    [
      'answers the one with what the other asked',
      ({ get }) => {
        let last = Promise.resolve<string | null>(null)
        return {
          get: (key) => {
            const mine = get(key)
            const before = last
            last = mine
            return Promise.resolve().then(() => (before === mine ? mine : before))
          },
        }
      },
      about('their own answer'),
    ],
  ])('%s', async (_, change, only) => {
    const all = backendContract({ create: mapBackend, exempt: NO_SCRIPTS }).map(({ name }) => name)
    expect(await broken(change, only)).toEqual(all.filter(only))
  })

  function onKeys({ get, set, del }: CacheBackend, key: (key: string) => string): CacheBackend {
    return {
      get: (name) => get(key(name)),
      set: (name, text, ttl) => set(key(name), text, ttl),
      del: (name) => del(key(name)),
    }
  }

  function onTtl({ set }: CacheBackend, ttl: (ttl: number) => number): Partial<CacheBackend> {
    return { set: (key, text, seconds) => set(key, text, seconds === undefined ? undefined : ttl(seconds)) }
  }

  function parsed(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
})

describe('the list', () => {
  test('no two names are alike, and nothing runs before it is asked to', () => {
    const create = () => {
      throw new Error('not yet')
    }
    const names = backendContract({ create }).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(50)
  })

  test('an exempt check that is run all the same does not pass', async () => {
    const checks = backendContract({ create: mapBackend, exempt: NO_SCRIPTS })
    const exempt = checks.filter((check) => check.exempt === NO_SCRIPTS.close)
    expect(exempt).toHaveLength(2)
    await expect(exempt[0]!.run()).rejects.toThrow('not judged, a Map has nothing to close')
  })

  test.each([
    [{ storing: 'x' } as never, /exempt\.storing: no such aspect; there are storage, expiry/],
    [{ storage: ' ' }, /exempt\.storage: say in words why/],
    [{ storage: true } as never, /exempt\.storage: say in words why/],
  ])('an exemption that says nothing is refused: %o', (exempt, message) => {
    expect(() => backendContract({ create: mapBackend, exempt })).toThrow(message)
  })
})
