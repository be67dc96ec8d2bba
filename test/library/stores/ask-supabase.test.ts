import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { askSupabase } from '../../../src/library/stores/ask-supabase.js'
import { StoreError } from '../../../src/library/stores/store-error.js'

const SECRET = 'row-canary-0123'
const KEY = 'sb_secret_canary'
const DEADLINE_MS = 5000

let server: Server
let url: string
let seen: string[]
let answer: (request: IncomingMessage, response: ServerResponse) => void

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    request.resume().on('end', () => answer(request, response))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  const closed = new Promise((done) => server.close(done))
  server.closeAllConnections()
  await closed
})
beforeEach(() => {
  seen = []
})

const supabase = (at = url) =>
  // Node 20 has no WebSocket, and nothing here needs one.
  createClient(at, KEY, { realtime: { transport: class {} as never }, auth: { persistSession: false } })
const ask = <T = unknown>(query: PromiseLike<unknown>, deadlineMs = DEADLINE_MS) =>
  askSupabase<T>({ store: 'things', operation: 'find', deadlineMs }, query)
const read = (at = url) => supabase(at).from('things').select('id').eq('id', SECRET)
const call = () => supabase().rpc('change', { p_id: SECRET })
const failureOf = async (asked: Promise<unknown>) => {
  const error = await asked.then(
    () => expect.unreachable('it did not fail'),
    (thrown: unknown) => thrown as StoreError,
  )
  expect(error).toBeInstanceOf(StoreError)
  expect(error).toMatchObject({ store: 'things', operation: 'find' })
  expect(error.message).toMatch(/^things: find: /)
  expect(JSON.stringify([error.message, error.stack, error.cause, Object.entries(error)])).not.toContain(
    'canary',
  )
  return error
}
const reply = (status: number, body: unknown, type = 'application/json') => {
  answer = (_, response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    response.writeHead(status, { 'content-type': type }).end(text)
  }
}

describe('what was asked for is answered', () => {
  test('rows of a read, a value of a function, rows of a change', async () => {
    reply(200, [{ id: 1 }])
    expect(await ask(read())).toEqual([{ id: 1 }])
    reply(200, [])
    expect(await ask(read())).toEqual([])
    reply(200, 'null')
    expect(await ask(call())).toBeNull()
    reply(200, 'false')
    expect(await ask(call())).toBe(false)
    reply(201, [{ id: 2 }])
    expect(await ask(supabase().from('things').insert({ id: 2 }).select())).toEqual([{ id: 2 }])
    expect(seen).toHaveLength(5)
  })

  test('also when the answer was there in time, and only we were late to look', async () => {
    reply(200, [{ id: 1 }])
    const asked = ask(read(), 40)
    await new Promise<void>((resolve) => {
      answer = (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end('[{"id":1}]')
        const end = performance.now() + 120
        while (performance.now() < end);
        resolve()
      }
    })
    expect(await asked).toEqual([{ id: 1 }])
  })
})

describe('nobody answers', () => {
  test('a closed port: at once, and asked for once', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as AddressInfo
    await new Promise((done) => closed.close(done))
    const startedAt = performance.now()
    const error = await failureOf(ask(read(`http://127.0.0.1:${port}`)))
    expect(error).toMatchObject({ code: 'UNREACHABLE', sourceCode: null })
    expect(error.message).toBe('things: find: nobody answers there (ECONNREFUSED)')
    // supabase-js alone would be at it for 7 s.
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })

  test('a host that does not exist', async () => {
    expect((await failureOf(ask(read('http://nobody.invalid')))).code).toBe('UNREACHABLE')
  })

  test.each([
    ['before', (response: ServerResponse) => response.destroy()],
    [
      'in the middle of',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write('[{"id":', () => response.destroy())
      },
    ],
  ])('a connection that ends %s the answer, also of a change: asked once', async (_, cut) => {
    answer = (__, response) => cut(response)
    expect((await failureOf(ask(read()))).code).toBe('UNREACHABLE')
    expect((await failureOf(ask(call()))).code).toBe('UNREACHABLE')
    expect(seen).toHaveLength(2)
  })
})

describe('no answer within the deadline', () => {
  test.each([
    ['nothing comes', () => undefined],
    [
      'half of it comes',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-type': 'application/json' }).write('[{"id":'),
    ],
  ])('%s: TIMEOUT in time, and the request is given up', async (_, begin) => {
    const closed = new Promise((resolve) => {
      answer = (request, response) => {
        request.socket.on('close', resolve)
        begin(response)
      }
    })
    const startedAt = performance.now()
    const error = await failureOf(ask(read(), 150))
    const tookMs = performance.now() - startedAt
    expect(error).toMatchObject({ code: 'TIMEOUT', message: 'things: find: no answer within 150 ms' })
    expect(tookMs).toBeGreaterThanOrEqual(149)
    expect(tookMs).toBeLessThan(2000)
    await closed
    expect(seen).toHaveLength(1)
  })

  test('where the client’s own fetch does not hear of it, too', async () => {
    const deaf = createClient(url, KEY, {
      realtime: { transport: class {} as never },
      auth: { persistSession: false },
      global: { fetch: () => new Promise(() => undefined) },
    })
    expect((await failureOf(ask(deaf.from('things').select(), 50))).code).toBe('TIMEOUT')
  })

  test('the client’s own time limit is one as well', async () => {
    answer = () => undefined
    const hasty = createClient(url, KEY, {
      realtime: { transport: class {} as never },
      auth: { persistSession: false },
      db: { timeout: 50 },
    })
    expect((await failureOf(ask(hasty.from('things').select()))).code).toBe('TIMEOUT')
  })
})

const said = { message: `Key (id)=(${SECRET}) …`, details: `Failing row contains (${SECRET}).`, hint: SECRET }
const html = `<html><body>${SECRET}</body></html>`

test.each<[status: number, body: unknown, code: string, sourceCode: string | null]>([
  [401, { message: 'Invalid API key', hint: KEY }, 'DENIED', null],
  [401, { ...said, code: 'PGRST301' }, 'DENIED', 'PGRST301'],
  [401, { ...said, code: 'PGRST302' }, 'DENIED', 'PGRST302'],
  [403, { ...said, code: '42501' }, 'DENIED', '42501'],
  [403, html, 'DENIED', null],
  [409, { ...said, code: '23505' }, 'CONFLICT', '23505'],
  [409, { ...said, code: '23503' }, 'CONFLICT', '23503'],
  [400, { ...said, code: '23502' }, 'INVALID', '23502'],
  [400, { ...said, code: '23514' }, 'INVALID', '23514'],
  [400, { ...said, code: '22P02' }, 'INVALID', '22P02'],
  [400, { ...said, code: 'PGRST100' }, 'INVALID', 'PGRST100'],
  [413, html, 'INVALID', null],
  [414, html, 'INVALID', null],
  [431, html, 'INVALID', null],
  [429, html, 'OVERLOADED', null],
  [503, html, 'OVERLOADED', null],
  [503, { ...said, code: 'PGRST002' }, 'OVERLOADED', 'PGRST002'],
  [504, { ...said, code: 'PGRST003' }, 'OVERLOADED', 'PGRST003'],
  [500, { ...said, code: '53300' }, 'OVERLOADED', '53300'],
  [500, { ...said, code: '57014' }, 'TIMEOUT', '57014'],
  [504, html, 'TIMEOUT', null],
  [502, html, 'UNREACHABLE', null],
  [522, html, 'UNREACHABLE', null],
  [540, html, 'UNREACHABLE', null],
  [544, html, 'TIMEOUT', null],
  [500, html, 'UNEXPECTED', null],
  [500, { ...said, code: 'XX000' }, 'UNEXPECTED', 'XX000'],
  [404, { ...said, code: 'PGRST205' }, 'UNEXPECTED', 'PGRST205'],
  [404, html, 'UNEXPECTED', null],
  // Nothing that a body says is repeated where it has not the form of a code.
  [400, { ...said, code: SECRET }, 'UNEXPECTED', null],
  [400, { ...said, code: 22 }, 'UNEXPECTED', null],
  [500, 'null', 'UNEXPECTED', null],
  [500, '"text"', 'UNEXPECTED', null],
  [500, '', 'UNEXPECTED', null],
])('HTTP %d %j: %s', async (status, body, code, sourceCode) => {
  reply(status, body, body === html ? 'text/html' : undefined)
  expect(await failureOf(ask(read()))).toMatchObject({ code, sourceCode })
  expect(await failureOf(ask(call()))).toMatchObject({ code, sourceCode })
  // None of them is asked for again, also what supabase-js would take for a passing cloud.
  expect(seen).toHaveLength(2)
})

describe('an answer that is none is never taken for "there is nothing"', () => {
  test.each([
    ['a web page', 200, html],
    ['an empty body', 200, ''],
    ['no content', 204, ''],
    ['an empty 404', 404, ''],
    ['a list as the body of a 404', 404, '[]'],
    ['null instead of rows', 200, 'null'],
    ['half of a JSON text', 200, '[{"id":'],
  ])('%s', async (_, status, body) => {
    reply(status, body)
    expect((await failureOf(ask(read()))).code).toBe('UNEXPECTED')
  })

  test('an empty 404 of a function', async () => {
    reply(404, '')
    expect((await failureOf(ask(call()))).code).toBe('UNEXPECTED')
    reply(404, [SECRET])
    expect((await failureOf(ask(call()))).code).toBe('UNEXPECTED')
  })

  test('bytes that are no HTTP', async () => {
    answer = (request) => request.socket.end(`${SECRET}\r\n\r\n`)
    expect((await failureOf(ask(read()))).code).toBe('UNEXPECTED')
  })
})

test('what is missing in the database says what to do', async () => {
  reply(404, { ...said, code: '42P01' })
  const { message } = await failureOf(ask(read()))
  expect(message).toBe(
    'things: find: a table or function is missing: apply supabase/migrations (HTTP 404, 42P01)',
  )
})

describe('a query that cannot be sent', () => {
  const thrower = () => {
    throw new Error(SECRET)
  }
  const cycle: Record<string, unknown> = { id: SECRET }
  cycle['self'] = cycle

  test('a cycle in it, or whatever else the client cannot write as JSON: INVALID', async () => {
    expect((await failureOf(ask(supabase().from('things').insert(cycle).select()))).code).toBe('INVALID')
    const older = new TypeError('Do not know how to serialize a BigInt')
    expect((await failureOf(ask(Promise.reject(older)))).code).toBe('INVALID')
    expect(seen).toEqual([])
  })

  test('causes that lead back to where they began', async () => {
    const [one, other] = [new Error(SECRET), new TypeError('fetch failed')]
    one.cause = Object.assign(other, { code: 'ECONNREFUSED', cause: one })
    expect((await failureOf(ask(Promise.reject(one)))).code).toBe('UNREACHABLE')
  })

  test.each<[string, () => unknown]>([
    ['no query', () => undefined],
    ['an answer that is none', () => Promise.resolve(null)],
    ['a client without a status', () => Promise.resolve({ data: [], error: null })],
    ['one that rejects', () => Promise.reject(new Error(SECRET))],
    ['one that rejects with anything', () => Promise.reject(SECRET)],
    [
      'one that rejects with what cannot be looked at',
      () => Promise.reject(Object.defineProperty(new Error(SECRET), 'message', { get: thrower })),
    ],
    ['one that throws', () => Object.assign(Promise.resolve(), { abortSignal: thrower })],
  ])('%s: UNEXPECTED', async (_, query) => {
    expect((await failureOf(ask(query() as PromiseLike<unknown>))).code).toBe('UNEXPECTED')
  })
})
