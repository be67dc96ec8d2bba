import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { onPath } from '../../../src/ops/sandbox/on-path.js'

const script = join(import.meta.dirname, '../../../scripts/ensure-redis')

let directory: string
let policy: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ensure-redis-'))
  policy = join(directory, 'policy-rc.d')
  mkdirSync(join(directory, 'bin'))
  for (const tool of ['rm', 'chmod', 'cat'])
    symlinkSync(onPath(tool, process.env)!, join(directory, 'bin', tool))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function program(name: string, body: string): string {
  const path = join(directory, 'bin', name)
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}

/** The script on a system that has nothing but what the test put there. */
function run(env: NodeJS.ProcessEnv = {}) {
  // Installing really, and the system's own policy, are not for a test to touch.
  const copy = join(directory, 'script')
  writeFileSync(
    copy,
    readFileSync(script, 'utf8').replace('POLICY=/usr/sbin/policy-rc.d', `POLICY=${policy}`),
  )
  const { status, stdout, stderr } = spawnSync('/bin/sh', [copy], {
    env: { PATH: [join(directory, 'bin')].join(delimiter), ...env },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test.each(['redis-server', 'valkey-server'])('%s on PATH: silent', (name) => {
  program(name, '')
  expect(run()).toEqual({ status: 0, stdout: '', stderr: '' })
})

test('CACHE_REDIS_SERVER: silent, or an error that names it', () => {
  const own = program('my-redis', '')
  expect(run({ CACHE_REDIS_SERVER: own })).toEqual({ status: 0, stdout: '', stderr: '' })
  program('valkey-server', '')
  const bad = run({ CACHE_REDIS_SERVER: '/nowhere/redis' })
  expect(bad).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('/nowhere/redis') })
})

test('not root: the one command, nothing installed', () => {
  program('id', 'echo 1000')
  program('apt-get', `touch ${directory}/called`)
  expect(run()).toEqual({
    status: 3,
    stdout: '',
    stderr: expect.stringContaining('Install it with: sudo apt-get install -y redis-server'),
  })
  expect(existsSync(join(directory, 'called'))).toBe(false)
})

test('root without apt-get: the one command', () => {
  program('id', 'echo 0')
  program('apk', '')
  expect(run()).toMatchObject({ status: 3, stderr: expect.stringMatching(/Install it with: apk add redis/) })
})

const install = (directoryOfTest: string) => `
echo "$@" >>${directoryOfTest}/calls
if [ "$1" = install ]; then
  cat ${directoryOfTest}/policy-rc.d >${directoryOfTest}/policy-during
  printf '#!/bin/sh\\n' >${directoryOfTest}/bin/redis-server
  chmod 755 ${directoryOfTest}/bin/redis-server
fi`

test('root with apt-get: installs while services may not start, and takes the ban away', () => {
  program('id', 'echo 0')
  program('apt-get', install(directory))
  expect(run()).toMatchObject({ status: 0, stdout: '' })
  expect(readFileSync(join(directory, 'calls'), 'utf8')).toBe(
    'update\ninstall -y --no-install-recommends redis-server\n',
  )
  expect(readFileSync(join(directory, 'policy-during'), 'utf8')).toContain('exit 101')
  expect(existsSync(policy)).toBe(false)
})

test('a policy that was there stays as it was, and a service that started anyway is stopped', () => {
  writeFileSync(policy, 'mine')
  program('id', 'echo 0')
  program('apt-get', install(directory))
  program('service', `echo "$@" >${directory}/service`)
  expect(run()).toMatchObject({ status: 0 })
  expect(readFileSync(policy, 'utf8')).toBe('mine')
  expect(readFileSync(join(directory, 'service'), 'utf8')).toBe('redis-server stop\n')
})

test('an installation that fails: 3, and the ban is gone too', () => {
  program('id', 'echo 0')
  program('apt-get', 'exit 100')
  expect(run()).toMatchObject({ status: 3, stderr: expect.stringContaining('apt-get failed') })
  expect(existsSync(policy)).toBe(false)
})
