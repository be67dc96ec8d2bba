import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readProbesFile } from '../../../src/ops/config/probes/probes-file.js'

const directory = mkdtempSync(join(tmpdir(), 'cache-probes-'))
afterAll(() => rmSync(directory, { recursive: true }))

function read(text: string) {
  const path = join(directory, 'probes.yaml')
  writeFileSync(path, text)
  return readProbesFile(path)
}

test('all that can be asked is read', () => {
  const {
    setup,
    probes,
    read: reads,
    stranger,
    limit,
  } = read(`
setup:
  - { request: POST /login, body: '{}', capture: { token: { json: token } } }
probes:
  - GET /a expect 200
  - { request: /b, headers: { authorization: 'Bearer {token}' }, expect: '200,404', contains: b }
read: { request: 'GET /items/{key}', version: { match: 'v(\\d+)' }, denied: 403, same: { json: tags } }
stranger: { request: 'GET /items/{key}', headers: { x-user: bob } }
limit: { request: POST /login, limit: 5, window: 500ms, onUnavailable: deny }
`)
  expect(setup[0]).toMatchObject({ method: 'POST', path: '/login', capture: { token: { json: 'token' } } })
  expect(probes).toMatchObject([
    { method: 'GET', path: '/a', expect: { statuses: ['200'] } },
    { method: 'GET', path: '/b', expect: { statuses: ['200', '404'], contains: 'b' } },
  ])
  expect(reads).toMatchObject({
    version: { match: String.raw`v(\d+)` },
    denied: ['403'],
    same: { json: 'tags' },
  })
  expect(stranger).toMatchObject({ headers: { 'x-user': 'bob' }, denied: ['403', '404'] })
  expect(limit).toMatchObject({ name: 'limit', limit: 5, windowMs: 500, onUnavailable: 'deny' })
})

test('and how often under load', () => {
  const { probes, limit, keys } = read(`
probes: [{ request: GET /a, weight: 0.5 }, { request: GET /b }, GET /c]
limit: { request: GET /l, weight: 3, limit: 5, window: 500ms, onUnavailable: deny }
keys: { count: 7 }
`)
  expect(probes.map(({ weight = 1 }) => weight)).toEqual([0.5, 1, 1])
  expect(limit).toMatchObject({ weight: 3 })
  expect(keys).toEqual({ weight: 1, count: 7, skew: 0.99, writes: 0.1 })
})

test.each([
  ['probes: [{ request: GET /a, weight: 0 }]', /probes\.0/],
  ['{ probes: [GET /a], keys: { weight: 1001 } }', /keys\.weight is more than 1000/],
  ['{ probes: [GET /a], keys: { writes: 2 } }', /keys\.writes/],
  [
    'limit: { request: GET /a, weight: 0, limit: 1, window: 1s, onUnavailable: deny }',
    /limit\.weight is not more than 0/,
  ],
  ['probes: [', /is neither YAML nor JSON/],
  ['', /holds no probes/],
  ['probe: [GET /a]', /says probe, which is not known/],
  ['probes: [{ request: GET /a, expct: 200 }]', /expct|probes\.0/],
  ['probes: [{ request: GET /a, expect: fine }]', /probes\.0: expects "fine", which is no status/],
  ['write: { request: GET a }', /request/],
  ["read: { request: GET /a, version: { match: '(' } }", /read\.version\.match: is no regular expression/],
  [
    "setup: [{ request: GET /a, capture: { x: { match: '(' } } }]",
    /setup\.0\.capture\.x\.match: is no regular/,
  ],
  ['read: { request: GET /a }', /read\.version/],
  ["stranger: { request: 'GET /a/{key}' }", /stranger without read/],
  [
    "read: { request: GET /a, version: { json: v }, same: { match: '(' } }",
    /read\.same\.match: is no regular/,
  ],
  [
    "{ setup: [{ request: /in, capture: { token: { json: t } } }], probes: [{ request: /a, headers: { x: '{tokn}' } }] }",
    /probes\.0: nothing stands for \{tokn\}/,
  ],
  ['probes: ["GET /a/{key}"]', /probes\.0: nothing stands for \{key\}/],
  ['revoke: { request: "DELETE /{key}/{version}" }', /revoke: nothing stands for \{version\}/],
  [
    'limit: { request: GET /a, limit: 0, window: 1s, onUnavailable: deny }',
    /limit\.limit is not a whole number/,
  ],
])('%s is refused', (text, message) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({ kind: 'usage', message: expect.stringMatching(message) }),
  )
})

test('a file that is not there is refused', () => {
  expect(() => readProbesFile(join(directory, 'none.yaml'))).toThrow(/is not there/)
})
