import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWatchdog, throwAwayPath } from '../../../src/ops/sandbox/watchdog.js'
import { bundled, started } from './child.js'
import { isAlive, processState, until } from './until.js'

let scratch: string
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'watchdog-test-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** A process that would outlive the test. */
function sleeper(): number {
  const child = spawn('sleep', ['600'], { stdio: 'ignore', detached: true })
  child.unref()
  return child.pid!
}

function odd(name: string): string {
  return join(scratch, `transparent-cache-${name} it's "odd" $(touch x) \\ü`)
}

describe('when we die', () => {
  let script: string
  beforeAll(async () => {
    script = await bundled('sandbox-holder.ts', scratch)
  })

  test.each([
    ['SIGKILL', {}],
    ['SIGKILL with a frozen server', { FREEZE: '1' }],
    ['SIGKILL for the whole group', {}],
    ['SIGTERM', {}],
  ] as const)('%s: server, directory and watchdog are gone', async (how, env) => {
    const temporary = mkdtempSync(join(scratch, `it's "a" $HOME \\ dir `))
    const { child, said } = await started<{ server: number; watchdog: number }>(script, {
      ...env,
      TMPDIR: temporary,
    })
    expect(isAlive(said.server)).toBe(true)
    if ('FREEZE' in env) await until('frozen', () => processState(said.server) === 'T')
    expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^transparent-cache-/)])

    const signal = how.startsWith('SIGTERM') ? 'SIGTERM' : 'SIGKILL'
    process.kill(how.endsWith('group') ? -child.pid! : child.pid!, signal)

    await until('server gone', () => !isAlive(said.server))
    await until('directory gone', () => readdirSync(temporary).length === 0)
    await until('watchdog gone', () => !isAlive(said.watchdog))
  })

  test('a Ctrl-C for the whole group reaches neither watchdog nor server', async () => {
    const { child, said, exited } = await started<{ server: number; watchdog: number }>(script)
    expect(isAlive(said.watchdog)).toBe(true)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(said.watchdog, signal)
    process.kill(-child.pid!, 'SIGINT')
    await exited
    // Had the signal killed the watchdog, the server would stay for ever.
    await until('server gone', () => !isAlive(said.server))
    await until('watchdog gone', () => !isAlive(said.watchdog))
  })

  test('it does not keep a process alive', async () => {
    const lonely = await bundled('watchdog-holder.ts', mkdtempSync(join(scratch, 'lonely-')))
    const { said, exited } = await started<{ watchdog: number }>(lonely)
    await exited
    await until('watchdog gone', () => !isAlive(said.watchdog))
  })
})

test('it kills and removes what is registered, and spares what was forgotten', async () => {
  const watchdog = startWatchdog()
  const [doomed, spared] = [sleeper(), sleeper()]
  const [removed, kept] = [odd('removed'), odd('kept')]
  for (const directory of [removed, kept]) {
    mkdirSync(directory)
    writeFileSync(join(directory, 'file'), '')
  }
  try {
    watchdog.watch(spared)
    watchdog.watch(doomed)
    watchdog.forget(spared)
    watchdog.watchDirectory(kept)
    watchdog.watchDirectory(removed)
    watchdog.forgetDirectory(kept)

    await watchdog.stop()

    expect(isAlive(watchdog.pid)).toBe(false)
    await until('killed', () => !isAlive(doomed))
    expect(isAlive(spared)).toBe(true)
    expect(existsSync(removed)).toBe(false)
    expect(existsSync(join(kept, 'file'))).toBe(true)
  } finally {
    process.kill(spared, 'SIGKILL')
  }
})

test('stopping twice is harmless, also when somebody killed it', async () => {
  const watchdog = startWatchdog()
  process.kill(watchdog.pid, 'SIGKILL')
  await until('killed', () => !isAlive(watchdog.pid))
  watchdog.watch(2 ** 22)
  await watchdog.stop()
  await watchdog.stop()
})

test.each([0, 1, -1, 1.5, Number.NaN])('process %s is refused', async (pid) => {
  const watchdog = startWatchdog()
  expect(() => watchdog.watch(pid)).toThrow(RangeError)
  await watchdog.stop()
})

test.each([
  '/',
  '/home',
  'transparent-cache-relative',
  '/tmp/transparent-cache-a\ndir /home',
  '/transparent-cache-x/..',
])('directory %j is refused', async (path) => {
  const watchdog = startWatchdog()
  expect(() => watchdog.watchDirectory(path)).toThrow(RangeError)
  await watchdog.stop()
})

test('throw-away paths are never the same', () => {
  expect(throwAwayPath()).not.toBe(throwAwayPath())
  expect(throwAwayPath().startsWith(join(tmpdir(), 'transparent-cache-'))).toBe(true)
})
