import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { initConfig } from '../../../src/ops/config/init.js'
import { loadConfig } from '../../../src/ops/config/load.js'
import { leaves } from '../../../src/ops/config/schema-tree.js'
import { SCHEMA_PATH, template } from '../../../src/ops/config/template.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-config-init-'))
  // Ends the search upwards.
  writeFileSync(join(directory, 'package.json'), '{}')
})
afterEach(() => rmSync(directory, { recursive: true }))

const load = () => loadConfig({ directory, env: {} })

test('as it is written it changes nothing', async () => {
  const { settings, origins } = await load()
  const file = await initConfig(directory)
  expect(await load()).toMatchObject({ settings: { ...settings, $schema: SCHEMA_PATH }, origins, file })
})

test('without its comment signs it is right, and every setting is in it', async () => {
  const file = join(directory, 'cache.config.yaml')
  // Prose begins with one space.
  writeFileSync(file, template().replace(/^#(?! \S)/gm, ''))
  const { origins, settings } = await load()
  expect(leaves().filter(({ path }) => origins[path] !== file)).toEqual([])
  expect(settings).toMatchObject({
    families: { session: { ttl: 900 } },
    limiters: { login: { onUnavailable: 'deny' } },
    environments: { staging: { production: false } },
    doctor: { thresholds: { 'LAT-001': { warn: 5 } }, client: { options: { commandTimeout: 100 } } },
  })
})

test('the schema that it names is in the package', () => {
  const inPackage = SCHEMA_PATH.replace('./node_modules/transparent-cache/', '')
  expect(() => readFileSync(inPackage)).not.toThrow()
})

test.each([
  ['cache.config.yaml', ''],
  ['cache.config.json', '{}'],
  ['cache.config.ts', 'not even TypeScript ('],
  ['package.json', '{"cache":{"outage":{"rate":7}}}'],
])('never over, or beside, %s', async (name, text) => {
  writeFileSync(join(directory, name), text)
  const before = readdirSync(directory)
  await expect(initConfig(directory)).rejects.toMatchObject({ kind: 'usage', code: 'CONFIG_EXISTS' })
  expect(readdirSync(directory)).toEqual(before)
  expect(readFileSync(join(directory, name), 'utf8')).toBe(text)
})
