import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConfigReport } from '../../src/ops/config/show.js'

let root: string
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'cache-config-cli-')))
  const project = join(root, 'shop')
  mkdirSync(join(root, 'empty'))
  mkdirSync(project)
  for (const each of ['empty', 'shop']) writeFileSync(join(root, each, 'package.json'), '{}')
  writeFileSync(
    join(project, 'cache.config.yaml'),
    `outage: { rate: 300 }
environments:
  staging: { hosts: ['redis-stg:6380'], production: false, variables: { REDIS_URL: STG_URL } }
limiters:
  login: { limit: 10, windowMs: 60000, onUnavailable: deny }
doctor: { client: { options: { password: 'file-canary-1', note: "a\\e[31mb" } } }
`,
  )
  writeFileSync(
    join(project, '.env'),
    'REDIS_URL=redis://app:env-canary-1@localhost:1/2\nSUPABASE_URL=https://old.supabase.co\nSUPABASE_SERVICE_ROLE_KEY=env-canary-2\n',
  )
})
afterAll(() => rmSync(root, { recursive: true }))

const env = {
  PATH: process.env['PATH'],
  NO_COLOR: '1',
  CACHE_OUTAGE_RATE: '400',
  SUPABASE_URL: 'https://new.supabase.co',
  REDIS_PASSWORD: 'env-canary-3',
  STG_URL: 'redis://:env-canary-4@redis-stg:6380',
}

function cache(project: string, args: string[], more: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('bin/run.js'), 'config', ...args], {
    cwd: join(root, project),
    env: { ...env, ...more },
    encoding: 'utf8',
  })
  return { code: status, stdout, stderr }
}

/** As a reader sees it: the line, what it prints, its exit code. */
function transcript(project: string, ...args: string[]): string {
  const { code, stdout, stderr } = cache(project, args)
  const seen = `${stdout}${stderr}`.replaceAll(root, '/home/me')
  return `$ cache config ${args.join(' ')}\n${seen}Exit code: ${code}\n`
}

test('show: every setting, where from, what it overrode', async () => {
  await expect(transcript('shop', 'show', '--origin')).toMatchFileSnapshot('transcripts/config-show.txt')
})

test('show --env: the variables of an environment', async () => {
  const lines = [
    transcript('shop', 'show', '--env', 'staging', '--origin', '--quiet'),
    transcript('shop', 'show', '--env', 'stagin'),
  ]
  await expect(lines.join('\n')).toMatchFileSnapshot('transcripts/config-show-env.txt')
})

test('init: once, and never again', async () => {
  const lines = [
    transcript('empty', 'init'),
    transcript('empty', 'init'),
    transcript('shop', 'init', '--print'),
  ]
  await expect(lines.join('\n')).toMatchFileSnapshot('transcripts/config-init.txt')
})

test('--json is one document; no secret of the environment, of .env or of the file is in any output', () => {
  const json = cache('shop', ['show', '--json'])
  const report = JSON.parse(json.stdout) as ConfigReport
  expect(report).toMatchObject({ schema: 'cache.config.show/1', command: 'config show', verdict: 'pass' })
  expect(report.settings.find(({ path }) => path === 'outage.rate')).toEqual({
    path: 'outage.rate',
    description: 'Operations per second.',
    value: '400',
    from: 'CACHE_OUTAGE_RATE',
    overrode: [
      { value: 300, from: join(root, 'shop/cache.config.yaml') },
      { value: 200, from: 'default' },
    ],
  })
  const all = [
    json,
    cache('shop', ['show', '--origin']),
    cache('shop', ['show', '--env', 'staging', '--json']),
    cache('shop', ['show'], { CACHE_OUTAGE_RATE: 'env-canary-5' }),
    cache('shop', ['show', '--env', 'staging'], { STG_URL: 'redis://:env-canary-4@elsewhere' }),
  ]
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 2, 2])
  for (const { stdout, stderr } of all) {
    expect(stdout + stderr).not.toContain('canary')
    // oxlint-disable-next-line no-control-regex
    expect(stdout + stderr).not.toMatch(/\u001b/)
  }
})

test('doctor --env looks at the environment that is named, and at no other', () => {
  const doctor = (name: string, stgUrl: string) =>
    spawnSync(
      process.execPath,
      [resolve('bin/run.js'), 'doctor', '--env', name, '--check', 'CON-001', '--json'],
      {
        cwd: join(root, 'shop'),
        env: { ...env, STG_URL: stgUrl },
        encoding: 'utf8',
      },
    )
  // Nobody has that name.
  const away = doctor('staging', env.STG_URL)
  expect(away.status).toBe(1)
  expect(away.stdout).toContain('redis-stg:6380')
  expect(away.stdout).not.toContain('localhost')
  const foreign = doctor('staging', 'redis://:env-canary-4@localhost:1')
  expect(foreign.status).toBe(2)
  expect(JSON.parse(foreign.stdout)).toMatchObject({ error: { code: 'FOREIGN_HOST' } })
  expect(away.stdout + away.stderr + foreign.stdout).not.toContain('canary')
})

test('what .env says reaches every command, and never its output', () => {
  const { stdout, code } = cache('shop', ['show', '--json'], { REDIS_URL: '' })
  expect(code).toBe(0)
  const { variables } = JSON.parse(stdout) as ConfigReport
  // Exported as empty is exported.
  expect(variables.find(({ name }) => name === 'REDIS_URL')).toMatchObject({ value: '', from: 'environment' })
  const keys = spawnSync(process.execPath, [resolve('bin/run.js'), 'keys', '--json'], {
    cwd: join(root, 'shop'),
    env: { ...env, REDIS_PASSWORD: undefined },
    encoding: 'utf8',
  })
  // Nobody listens at port 1: the address is that of .env, or this would be a usage error.
  expect(keys.stdout).toContain('localhost:1')
  expect(keys.stdout + keys.stderr).not.toContain('canary')
})
