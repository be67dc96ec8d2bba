import { expect, test } from 'vitest'
import { requireDrillsAllowed } from '../../../src/ops/config/drills-allowed.js'
import { cache } from '../../support/cache.js'

test.each([undefined, '', ' ', '0', 'false', 'FALSE', 'no'])('%j allows drills', (value) => {
  expect(() => requireDrillsAllowed('run drills', { CACHE_DRILLS_DISABLED: value })).not.toThrow()
})

test.each(['1', 'true', 'yes', 'on', 'production', 'disabled'])('%j forbids them', (value) => {
  expect(() => requireDrillsAllowed('run drills', { CACHE_DRILLS_DISABLED: value })).toThrow(
    expect.objectContaining({ kind: 'safety', code: 'DRILLS_DISABLED' }),
  )
})

test.each(['simulate-outage', 'load-test'])('cache %s refuses; its --list is no drill', async (command) => {
  const env = { CACHE_DRILLS_DISABLED: '1' }
  const refused = await cache([command, '--json'], { env })
  expect(refused.code).toBe(4)
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'DRILLS_DISABLED' } })
  expect(refused.stderr).not.toContain('starting')
  expect((await cache([command, '--list'], { env })).code).toBe(0)
})
