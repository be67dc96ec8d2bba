import { createClient } from '@supabase/supabase-js'
import { describe, expect, test } from 'vitest'
import { createPolicyStore, StoreError } from '../../../../src/library/index.js'
import type { RestDoor } from '../../../../src/ops/faults/doors/door.js'
import { createRestDoor } from '../../../../src/ops/faults/doors/rest.js'
import { faults } from '../../../../src/ops/faults/index.js'
import { supabase5xx } from '../../../../src/ops/faults/supabase-5xx.js'
import { supabaseDown } from '../../../../src/ops/faults/supabase-down.js'
import { supabaseSlow } from '../../../../src/ops/faults/supabase-slow.js'
import { doorTo, recorder, urlOf } from './services.js'

// What the doors do to the client that the stores are made of; the database behind it is not the subject.
const row = {
  tenant_id: 't',
  default_model: null,
  allowed_models: [],
  allow_remote_egress: false,
  monthly_budget_usd: null,
  settings: {},
  updated_at: '2026-01-01T00:00:00.000Z',
}
const service = () =>
  recorder((response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify([row]))
  })

function policies(door: RestDoor, deadlineMs?: number) {
  const supabase = createClient(urlOf(door, ''), 'key', { realtime: { transport: class {} as never } })
  return createPolicyStore({ supabase, ...(deadlineMs !== undefined && { deadlineMs }) })
}

const failureOf = (asked: Promise<unknown>) =>
  asked.then(
    () => null,
    (error: unknown) => (error instanceof StoreError ? error.code : error),
  )

const ofSupabase = faults.filter(({ protocols }) => protocols.includes('postgrest'))

test.each(ofSupabase)('$name can be lifted without having been applied, and twice', async (fault) => {
  const door = await doorTo(await service())
  await fault.lift(door)
  await fault.apply(door)
  await fault.lift(door)
  await fault.lift(door)
  expect(await policies(door).getPolicy('t')).toMatchObject({ tenantId: 't' })
})

test.each(ofSupabase)('$name that touches nobody is not witnessed', async (fault) => {
  const door = await doorTo(await service())
  const before = door.counts()
  await fault.apply(door)
  await fault.lift(door)
  expect(fault.witness(before, door.counts()).witnessed).toBe(false)
})

describe('supabase-down', () => {
  test('is UNREACHABLE to a store, at once, for a read as for a write', async () => {
    const door = await doorTo(await service())
    const store = policies(door)
    await store.getPolicy('t')
    const before = door.counts()
    await supabaseDown.apply(door)
    const startMs = performance.now()
    expect(await failureOf(store.getPolicy('t'))).toBe('UNREACHABLE')
    expect(await failureOf(store.setPolicy('t', {}))).toBe('UNREACHABLE')
    // supabase-js alone tries again after 1, 2 and 4 s.
    expect(performance.now() - startMs).toBeLessThan(900)
    expect(supabaseDown.witness(before, door.counts()).witnessed).toBe(true)
    await supabaseDown.lift(door)
    expect(await store.getPolicy('t')).not.toBeNull()
  })
})

describe('supabase-slow', () => {
  test('is TIMEOUT to a store with its own deadline, and the service has carried it out', async () => {
    const upstream = await service()
    const door = await doorTo(upstream)
    const before = door.counts()
    await supabaseSlow.apply(door)
    const startMs = performance.now()
    expect(await failureOf(policies(door).setPolicy('t', {}))).toBe('TIMEOUT')
    expect(performance.now() - startMs).toBeGreaterThan(2900)
    expect(upstream.requests).toHaveLength(1)
    expect(supabaseSlow.witness(before, door.counts())).toEqual({
      witnessed: true,
      evidence: 'the answers to 1 request came 3.5 s late',
      counts: { requestsSlowed: 1 },
    })
  })
})

describe('supabase-5xx', () => {
  test('is a 500, a 503 and a page of HTML in turn, of which the service hears nothing', async () => {
    const upstream = await service()
    const door = await doorTo(upstream)
    const before = door.counts()
    await supabase5xx.apply(door)
    const statuses = []
    for (let time = 0; time < 3; time++) statuses.push((await fetch(urlOf(door, '/rest/v1/x'))).status)
    expect(statuses).toEqual([500, 503, 502])
    expect(upstream.requests).toEqual([])
    expect(supabase5xx.witness(before, door.counts())).toEqual({
      witnessed: true,
      evidence: '3 requests answered 5xx',
      counts: { requestsAnswered: 3 },
    })
  })

  test('is a clear error to a store, which asks once', async () => {
    const door = await doorTo(await service())
    const store = policies(door)
    await supabase5xx.apply(door)
    const codes = []
    for (let time = 0; time < 3; time++) codes.push(await failureOf(store.getPolicy('t')))
    expect(codes).toEqual(['UNEXPECTED', 'OVERLOADED', 'UNREACHABLE'])
    expect(door.counts().requestsSeen).toBe(3)
  })
})

test('a door tells what is asked through it, and what it keeps from the service as well', async () => {
  const asked: { method: string; target: string }[] = []
  const door = await createRestDoor({
    upstream: await service(),
    protocol: 'postgrest',
    onRequest: (request) => asked.push(request),
  })
  try {
    expect(door.protocol).toBe('postgrest')
    await fetch(urlOf(door, '/rest/v1/one?id=eq.1'))
    await supabase5xx.apply(door)
    await fetch(urlOf(door, '/rest/v1/two'), { method: 'PATCH', body: '{}' })
    expect(asked).toEqual([
      { method: 'GET', target: '/rest/v1/one?id=eq.1' },
      { method: 'PATCH', target: '/rest/v1/two' },
    ])
  } finally {
    await door.close()
  }
})
