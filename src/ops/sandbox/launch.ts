import { mkdir } from 'node:fs/promises'
import { EnvironmentError } from '../report/errors.js'
import type { ServerBinary } from './find-server.js'
import { freePort } from './free-port.js'
import { startProcess, type ServerProcess } from './server-process.js'
import { serverReady, type Readiness } from './server-ready.js'
import type { Watchdog } from './watchdog.js'

export interface LaunchOptions {
  binary: ServerBinary
  directory: string
  watchdog: Watchdog
  /** Default: a free one. */
  port?: number | undefined
  requirepass?: string | undefined
  extraArgs?: readonly string[] | undefined
  signal?: AbortSignal | undefined
}

export interface Launched {
  process: ServerProcess
  host: string
  port: number
}

const HOST = '127.0.0.1'
const READY_DEADLINE_MS = 15_000
const PORT_ATTEMPTS = 10

/** Throws EnvironmentError `NO_DIRECTORY` when it cannot be made. */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    throw new EnvironmentError(
      'NO_DIRECTORY',
      `cannot create a throw-away directory: ${(error as Error).message}`,
      ['set TMPDIR to a directory that can be written to and has free space'],
      { cause: error },
    )
  }
}

/** One life of a server, from nothing to the first answer. Leaves no process behind when it throws. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted()
    const port = options.port ?? (await freePort())
    const process = await begin(options, port)
    let readiness: Readiness
    try {
      readiness = await serverReady(process, {
        host: HOST,
        port,
        password: options.requirepass,
        deadlineMs: READY_DEADLINE_MS,
        signal: options.signal,
      })
    } catch (error) {
      await end(process)
      throw error
    }
    if (readiness.state === 'ready') return { process, host: HOST, port }
    await end(process)
    if (readiness.state === 'port taken' && options.port === undefined && attempt < PORT_ATTEMPTS) continue
    throw startError(options.binary, process, port, readiness)
  }
}

async function begin(options: LaunchOptions, port: number): Promise<ServerProcess> {
  const { binary, directory, watchdog } = options
  let process: ServerProcess
  try {
    process = await startProcess(
      binary.path,
      configuration(options, port),
      options.extraArgs ?? [],
      directory,
    )
  } catch (error) {
    throw new EnvironmentError(
      'SERVER_START_FAILED',
      `cannot run ${binary.path}: ${(error as Error).message}`,
    )
  }
  watchdog.watch(process.pid)
  void process.exited.then(() => watchdog.forget(process.pid))
  return process
}

async function end(process: ServerProcess): Promise<void> {
  process.signal('SIGKILL')
  await process.exited
}

function configuration({ directory, requirepass }: LaunchOptions, port: number): string {
  const lines = [`bind ${HOST}`, `port ${port}`, `dir ${quoted(directory)}`, 'save ""', 'appendonly no']
  if (requirepass !== undefined) lines.push(`requirepass ${quoted(requirepass)}`)
  return `${lines.join('\n')}\n`
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`
}

function startError(
  { version }: ServerBinary,
  process: ServerProcess,
  port: number,
  readiness: Exclude<Readiness, { state: 'ready' }>,
): EnvironmentError {
  if (readiness.state === 'port taken') {
    return new EnvironmentError('PORT_TAKEN', `port ${port} on ${HOST} is taken by another process`, [
      `end what listens there (lsof -i :${port}), or choose another port, or none to get a free one`,
    ])
  }
  const how =
    readiness.state === 'ended'
      ? `ended at its start (${readiness.how})`
      : `did not answer within ${READY_DEADLINE_MS / 1000} s (${readiness.why})`
  const last = process.lastLines().slice(-2).join(' ')
  return new EnvironmentError('SERVER_START_FAILED', `${version} ${how}${last ? `: ${last}` : ''}`)
}
