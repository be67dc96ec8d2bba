import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { isRefused } from '../../../src/ops/faults/doors/listener.js'
import type { OutageReport } from '../../../src/ops/report/drill-report.js'
import { freePort } from '../../../src/ops/sandbox/free-port.js'
import { isGone, readPids } from './left-behind.js'

interface Run {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** Runs the built command; `onStderr` sees what has been printed so far. */
function cache(
  args: string[],
  env: Record<string, string> = {},
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['bin/run.js', 'simulate-outage', ...args], {
      env: { ...process.env, ...env },
    })
    const run: Run = { code: null, signal: null, stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      run.stderr += chunk.toString()
      onStderr?.(run.stderr, (signal) => child.kill(signal))
    })
    child.on('close', (code, signal) => resolve({ ...run, code, signal }))
  })
}

const APP = ['--', process.execPath, 'test/ops/experiment/apps/loud.mjs']
const PROBED = ['--drill', 'stall', '--probe', '/session']
const readyAt = (port: number | string) => ['--ready', `http://127.0.0.1:${port}/health`]

describe.concurrent('bad input', () => {
  const ready = readyAt(3999)
  test.each([
    [[...ready, ...PROBED], 'NO_COMMAND', 'behind all flags: -- node dist/server.js'],
    [[...ready, ...PROBED, '--nonsense', ...APP], 'UNKNOWN_FLAG', undefined],
    [[...ready, ...PROBED, '--', 'no-such-program'], 'COMMAND_NOT_FOUND', undefined],
  ])('%j exits 2', async (args, code, suggestion) => {
    const run = await cache(['--json', ...args])
    const { error } = JSON.parse(run.stdout) as OutageReport
    expect([run.code, error?.kind, error?.code]).toEqual([2, 'usage', code])
    if (suggestion) expect(error?.suggestions).toEqual([suggestion])
  })
})

describe.concurrent('the command', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cache-app-'))
  const stranger = createServer().listen(0, '127.0.0.1')
  afterAll(() => {
    stranger.close()
    rmSync(directory, { recursive: true, force: true })
  })

  test('does not drill a stranger that listens in the place of the app', async () => {
    const { port } = stranger.address() as { port: number }
    const run = await cache([...PROBED, ...readyAt(port), ...APP])
    expect(run.code).toBe(3)
    expect(run.stderr).toMatch(/Something else already listens on 127\.0\.0\.1/)
  })

  test('ends the app at Ctrl-C, whatever it does about SIGTERM, with a partial report', async () => {
    const pids = join(mkdtempSync(join(directory, 'a-')), 'pids')
    const port = await freePort()
    let sent = false
    const run = await cache(
      [...PROBED, '--rate', '100', ...readyAt(port), ...APP],
      { PORT: String(port), PIDS: pids },
      (text, kill) => {
        if (sent || !text.includes('steady traffic')) return
        sent = true
        kill('SIGINT')
      },
    )
    expect(run.code).toBe(130)
    expect(run.stdout).toMatch(/interrupted, so this is partial/)
    for (const pid of readPids(pids).pids) expect(isGone(pid)).toBe(true)
  })

  test.each(['SIGKILL', 'SIGINT twice'])('leaves nothing behind after %s', async (how) => {
    const pids = join(mkdtempSync(join(directory, 'k-')), 'pids')
    const port = await freePort()
    const run = await cache(
      [...PROBED, '--rate', '100', ...readyAt(port), ...APP],
      { PORT: String(port), PIDS: pids },
      (text, kill) => {
        if (!text.includes('steady traffic')) return
        if (how === 'SIGKILL') kill('SIGKILL')
        else kill('SIGINT')
      },
    )
    expect(run.signal ?? run.code).toBe(how === 'SIGKILL' ? 'SIGKILL' : 130)
    const left = readPids(pids)
    await vi.waitFor(() => expect(left.pids.every(isGone)).toBe(true), { timeout: 10_000 })
    expect(await isRefused('127.0.0.1', Number(left.port))).toBe(true)
  })
})
