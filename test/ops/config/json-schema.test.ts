import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { jsonSchema } from '../../../src/ops/config/json-schema.js'
import { leaves } from '../../../src/ops/config/schema-tree.js'

const shipped = JSON.parse(readFileSync('docs/cache.config.schema.json', 'utf8')) as Record<string, unknown>
const editor = z.fromJSONSchema(shipped as Parameters<typeof z.fromJSONSchema>[0])

test('the file in the package is the schema that reads the settings', () => {
  expect(shipped).toEqual(JSON.parse(JSON.stringify(jsonSchema())))
})

test('an editor accepts what is right', () => {
  const right = {
    $schema: './node_modules/transparent-cache/docs/cache.config.schema.json',
    outage: { rate: 500, during: '1.5m', budgets: { p99: '400ms' } },
    load: {
      arrivals: 'poisson',
      allow: '1.5x,20ms',
      slo: ['during.errors == 0'],
      traffic: {
        families: { conv: { keys: 10, mix: { read: 1, put: 0, invalidate: 0 }, bytes: [64], ttl: null } },
        source: { latency: '0ms' },
      },
    },
    environments: { staging: { hosts: ['h:6379'], production: false, variables: { REDIS_URL: 'STG_URL' } } },
    families: { session: { pattern: 'app:{id}', ttl: null } },
    limiters: { login: { limit: 10, windowMs: 60_000, onUnavailable: 'deny' } },
    doctor: { client: { options: { commandTimeout: 100 } }, thresholds: { 'LAT-001': { warn: 5 } } },
  }
  expect(editor.safeParse(right).error).toBeUndefined()
})

test.each([
  { outge: {} },
  { outage: { rate: 0 } },
  { outage: { during: '6 s' } },
  { audit: { failOn: 'no' } },
  { load: { rate: 20_001 } },
  { load: { arrivals: 'bursty' } },
  { load: { traffic: { families: { conv: { mix: { reads: 1 } } } } } },
  { limiters: { x: { limit: 1 } } },
])('an editor marks %j', (wrong) => {
  expect(editor.safeParse(wrong).success).toBe(false)
})

test('every setting is described, for the editor and for `config show`', () => {
  expect(leaves().filter(({ description }) => description === '')).toEqual([])
})
