import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../../src/ops/config/load.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-config-ts-'))
  // Ends the search upwards.
  writeFileSync(join(directory, 'package.json'), '{}')
})
afterEach(() => rmSync(directory, { recursive: true }))

const load = (text: string) => {
  writeFileSync(join(directory, 'cache.config.ts'), text)
  return loadConfig({ directory, env: {} })
}

test('types go, imports of JavaScript, JSON, packages and Node stay, and nothing is written beside it', async () => {
  writeFileSync(join(directory, 'rate.mjs'), 'export const rate = 7\n')
  mkdirSync(join(directory, 'node_modules/hosts'), { recursive: true })
  writeFileSync(join(directory, 'node_modules/hosts/index.js'), "module.exports = { host: 'h' }\n")
  const { settings, origins } = await load(`
import { hostname, type NetworkInterfaceInfo } from 'node:os'
import type { Nowhere } from './not-there.js'
import hosts from 'hosts'
import { rate } from './rate.mjs'
interface Environment { hosts: string[]; production?: boolean }
const local: Environment = { hosts: [hosts.host, hostname()!], production: false }
export default { outage: { rate }, environments: { local } } satisfies object as Nowhere & NetworkInterfaceInfo
`)
  expect(settings.outage.rate).toBe(7)
  expect(settings.environments['local']).toMatchObject({
    production: false,
    hosts: ['h', expect.any(String)],
  })
  expect(origins['outage.rate']).toBe(join(directory, 'cache.config.ts'))
  expect(readdirSync(directory).sort()).toEqual([
    'cache.config.ts',
    'node_modules',
    'package.json',
    'rate.mjs',
  ])
})

test.each([
  ['a syntax error, with its place', 'export default {\n  outage: = }\n', /cache\.config\.ts:2:11: /],
  ['no default export', 'export const outage = {}\n', /has no default export/],
  [
    'other TypeScript',
    "import { a } from './a.ts'\nexport default { outage: a }\n",
    /imports \.\/a\.ts: other TypeScript is not read/,
  ],
  [
    'an import that is not there, and not by the text of the file',
    "import { a } from './a.js'\nexport default { outage: a }\n",
    /Cannot find module '[^']*a\.js'$/,
  ],
  ['what throws', "throw new Error('no')\n", /cannot be read: no/],
  ['what is no object', 'export default 7\n', /the settings are not an object/],
])('refused: %s', async (_, text, message) => {
  await expect(load(text)).rejects.toMatchObject({
    kind: 'usage',
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(message),
  })
})

test('without typescript: exit 3, and what to use instead', () => {
  const bare = join(directory, 'bare')
  for (const part of ['bin', 'dist', 'package.json', 'oclif.manifest.json'])
    // Types are made anew by another test at the same time, and no command reads them.
    cpSync(part, join(bare, part), { recursive: true, filter: (source) => source !== join('dist', 'types') })
  writeFileSync(join(directory, 'cache.config.ts'), 'export default {}\n')
  const { status, stdout } = spawnSync(process.execPath, [join(bare, 'bin/run.js'), 'audit', '--json'], {
    cwd: directory,
    encoding: 'utf8',
  })
  expect(status).toBe(3)
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      kind: 'environment',
      code: 'TYPESCRIPT_MISSING',
      message: expect.stringContaining('not installed'),
      suggestions: [
        'npm install --save-dev typescript@6.0.3',
        expect.stringContaining('cache.config.yaml, cache.config.json or cache.config.mjs'),
      ],
    },
  })
})
