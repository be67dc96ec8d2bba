import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

export interface Run {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  env?: Record<string, string>
  cwd?: string
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void
}

/** Runs the built command with exactly this environment, and PATH. */
export function cache(args: readonly string[], { env = {}, cwd, onStderr }: RunOptions = {}): Promise<Run> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [resolve('bin/run.js'), ...args], {
      env: { PATH: process.env['PATH'], ...env },
      ...(cwd !== undefined && { cwd }),
    })
    const run: Run = { code: null, stdout: '', stderr: '' }
    child.stdin.end()
    child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      run.stderr += chunk.toString()
      onStderr?.(run.stderr, (signal) => child.kill(signal))
    })
    child.on('close', (code) => done({ ...run, code }))
  })
}

/** For `onStderr`: sends a signal once, when the sign is seen. */
export function interruptAt(sign: RegExp, signal: NodeJS.Signals = 'SIGINT', before = () => {}) {
  let sent = false
  return (text: string, kill: (signal: NodeJS.Signals) => void) => {
    if (sent || !sign.test(text)) return
    sent = true
    before()
    kill(signal)
  }
}
