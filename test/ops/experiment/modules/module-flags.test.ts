import { describe, expect, test } from 'vitest'
import { everyMs } from '../../../../src/ops/experiment/host/checks.js'
import { moduleInFlags } from '../../../../src/ops/experiment/subjects/module/module-in-flags.js'
import { parseLimit } from '../../../../src/ops/experiment/subjects/module/parse-limit.js'
import { pickExport } from '../../../../src/ops/experiment/subjects/module/pick-export.js'

const FILE = 'test/ops/experiment/modules/fixtures/several.mjs'
const WRITE_ONE = [
  'export a factory of a cache or a limiter: export const createCache = () => ({ get, set, del })',
]
const limiters = { api: { limit: 5, windowMs: 500, onUnavailable: 'deny' as const } }

describe('--module', () => {
  test('is a file and an export, with what is said of it', () => {
    const flags = {
      backend: 'upstash',
      limit: '20/1s',
      'on-unavailable': 'deny',
      'module-ttl': '{"ttl":300}',
    }
    expect(moduleInFlags(`./${FILE}#createCache`, flags, {})).toMatchObject({
      name: `./${FILE}#createCache`,
      file: `${process.cwd()}/${FILE}`,
      exportName: 'createCache',
      protocol: 'rest',
      declared: { limit: 20, windowMs: 1000, onUnavailable: 'deny' },
      ttl: { ttl: 300 },
    })
  })

  test('that is a directory is told as one', () => {
    expect(() => moduleInFlags('test', {}, {})).toThrow('--module test names a directory')
  })

  test('takes the only limiter of the project file, or the one that is called like the export', () => {
    expect(moduleInFlags(FILE, {}, limiters)?.declared).toEqual(limiters.api)
    const two = { ...limiters, createCache: { ...limiters.api, limit: 9 } }
    expect(moduleInFlags(FILE, {}, two)?.declared).toEqual({})
    expect(moduleInFlags(`${FILE}#createCache`, { limit: '7/2s' }, two)?.declared).toEqual({
      limit: 7,
      windowMs: 2000,
      onUnavailable: 'deny',
    })
  })

  test.each([
    ['nothing.js#x', {}, 'MODULE_NOT_FOUND'],
    ['test', {}, 'MODULE_NOT_FOUND'],
    ['#createCache', {}, 'MODULE_NOT_FOUND'],
    [FILE, { limit: '20' }, 'BAD_LIMIT'],
    [FILE, { limit: '0/1s' }, 'BAD_LIMIT'],
    [FILE, { 'module-ttl': 'five' }, 'BAD_MODULE_TTL'],
    [undefined, { limit: '20/1s' }, 'NO_MODULE'],
  ])('%j %j is refused', (module, flags, code) => {
    expect(() => moduleInFlags(module, flags, {})).toThrow(expect.objectContaining({ kind: 'usage', code }))
  })

  test.skipIf('typescript' in process.features)(
    'TypeScript is to be built first, where Node does not run it',
    () => {
      const file = 'src/ops/report/errors.ts'
      expect(() => moduleInFlags(file, {}, {})).toThrow(
        expect.objectContaining({
          code: 'MODULE_IS_TYPESCRIPT',
          suggestions: [
            expect.stringContaining('src/ops/report/errors.js'),
            expect.stringContaining('22.18'),
          ],
        }),
      )
    },
  )
})

describe('the export', () => {
  const cache = { get: () => null, set: () => null, del: () => null }
  const createCache = () => cache
  test.each([
    ['that is named', { createCache, other: 1 }, 'createCache', createCache],
    ['that is the default', { default: createCache, createOther: () => null }, null, createCache],
    ['that is the only one to fit', { createCache, VERSION: 1 }, null, createCache],
    ['that is ready made', { cache, VERSION: 1 }, null, cache],
    ['of CommonJS', { default: { createCache, VERSION: 1 } }, 'createCache', createCache],
    ['of CommonJS that is alone', { default: { createCache, VERSION: 1 } }, null, createCache],
  ])('%s', (_, exports, name, expected) => {
    expect(pickExport(exports, 'm.js#x', name)).toBe(expected)
  })

  test.each([
    [{ createCache }, 'createCash', 'it exports createCache', ['--module m.js#createCache']],
    [
      { createCache, other: createCache },
      null,
      '2 of them',
      ['--module m.js#createCache', '--module m.js#other'],
    ],
    [{ VERSION: 1 }, null, 'none of them', WRITE_ONE],
    [{}, null, 'it exports nothing', WRITE_ONE],
    [{ VERSION: 1, createCache }, 'VERSION', 'is a number', ['--module m.js#createCache']],
  ])('%j %j: none', (exports, name, says, suggestions) => {
    expect(() => pickExport(exports, 'm.js', name)).toThrow(
      expect.objectContaining({ code: 'MODULE_EXPORT', message: expect.stringContaining(says), suggestions }),
    )
  })
})

test('a limiter is asked twice as often as it allows, 20 to 200 times a second', () => {
  const every = (text: string) => everyMs(parseLimit(text))
  expect([every('5/500ms'), every('20/1s'), every('1000/1s'), every('1/1m')]).toEqual([50, 25, 5, 50])
})
