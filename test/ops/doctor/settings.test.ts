import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/ops/config/load.js'
import { thresholdsOf } from '../../../src/ops/doctor/select.js'
import { CLIENT_LIBRARIES } from '../../../src/ops/client-options/time-to-fallback.js'

const load = (env: Record<string, string>) => loadConfig({ directory: '/', env })

test('the defaults: ten seconds, and nothing declared about the client', async () => {
  const { settings } = await load({})
  expect(settings.doctor).toEqual({ timeout: 10_000, client: { options: {} }, upstash: {}, thresholds: {} })
})

test.each(CLIENT_LIBRARIES)('%s may be declared, in a variable too', async (library) => {
  const { settings } = await load({ CACHE_DOCTOR_CLIENT_LIBRARY: library, CACHE_DOCTOR_TIMEOUT: '2s' })
  expect(settings.doctor).toMatchObject({ timeout: 2000, client: { library } })
})

test('a threshold that fails before it warns is refused', () => {
  expect(() => thresholdsOf({ 'LAT-001': { warn: 100, fail: 1 } })).toThrow(/LAT-001 would fail from 1 on/)
  for (const fine of [{ warn: 1, fail: 1 }, { warn: 100 }, { fail: 1 }]) thresholdsOf({ 'LAT-001': fine })
})

test('another library is refused', async () => {
  await expect(load({ CACHE_DOCTOR_CLIENT_LIBRARY: 'redis@4' })).rejects.toThrow(/doctor\.client\.library/)
})
