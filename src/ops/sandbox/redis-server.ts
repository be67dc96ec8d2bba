import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from './ask.js'
import { findServer } from './find-server.js'
import { launch, makeDirectory, type Launched, type LaunchOptions } from './launch.js'
import type { RedisServer } from './sandbox.js'
import type { ServerProcess } from './server-process.js'
import { throwAwayPath, type Watchdog } from './watchdog.js'

export interface RedisServerOptions {
  /** Default: a free one. */
  port?: number | undefined
  /** Default: none; the server listens on loopback only. */
  requirepass?: string | undefined
  /** Added after ours, such as `['--maxmemory', '10mb']`. Not for secrets: they show in `ps`. */
  extraArgs?: readonly string[] | undefined
  watchdog: Watchdog
  /** Ends the start, not the server: call `stop` for that. The promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

const CLEAN_STOP_DEADLINE_MS = 10_000

/**
 * Starts a server and resolves once it answers. When it cannot, nothing is left running or lying about and the error
 * is an EnvironmentError: `NO_REDIS_SERVER`, `BAD_REDIS_SERVER`, `PORT_TAKEN`, `NO_DIRECTORY` or `SERVER_START_FAILED`.
 */
export async function startRedisServer(options: RedisServerOptions): Promise<RedisServer> {
  const { watchdog, requirepass, extraArgs, port, signal } = options
  const binary = await findServer()
  signal?.throwIfAborted()
  const directory = throwAwayPath()
  watchdog.watchDirectory(directory)
  try {
    await makeDirectory(directory)
    const launchOptions = { binary, directory, watchdog, requirepass, extraArgs }
    return new LiveServer(launchOptions, await launch({ ...launchOptions, port, signal }))
  } catch (error) {
    await removeDirectory(directory, watchdog)
    throw error
  }
}

async function removeDirectory(directory: string, watchdog: Watchdog): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  watchdog.forgetDirectory(directory)
}

class LiveServer implements RedisServer {
  readonly host: string
  readonly port: number
  readonly url: string
  readonly version: string
  readonly died: Promise<string>
  #options: LaunchOptions
  #life: ServerProcess
  #frozen = false
  #killed = false
  /** Lives that we are ending ourselves. */
  #asked = new WeakSet<ServerProcess>()
  #stopped = new AbortController()
  #stopping: Promise<void> | undefined
  #restarting: Promise<void> = Promise.resolve()
  #reportDeath: (how: string) => void = () => {}

  constructor(options: LaunchOptions, { process, host, port }: Launched) {
    this.host = host
    this.port = port
    this.url = `redis://${host}:${port}`
    this.version = options.binary.version
    this.died = new Promise((resolve) => (this.#reportDeath = resolve))
    this.#options = options
    this.#life = this.#followed(process)
  }

  get pid(): number {
    return this.#life.pid
  }

  async kill(): Promise<void> {
    this.#killed = true
    await this.#end()
  }

  freeze(): void {
    if (!this.#life.running) throw new Error(`the server on port ${this.port} is not running`)
    this.#frozen = true
    this.#life.signal('SIGSTOP')
  }

  thaw(): void {
    this.#frozen = false
    this.#life.signal('SIGCONT')
  }

  restart(options: { keepData: boolean }): Promise<void> {
    const restarted = this.#restarting.then(() => this.#restart(options))
    this.#restarting = restarted.catch(() => {})
    return restarted
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#stopped.abort(new Error(`the server on port ${this.port} has been stopped`))
    await this.#end()
    // A restart under way may have got as far as a new process.
    await this.#restarting
    await this.#end()
    await removeDirectory(this.#options.directory, this.#options.watchdog)
  }

  async #restart({ keepData }: { keepData: boolean }): Promise<void> {
    this.#stopped.signal.throwIfAborted()
    if (keepData && this.#killed) {
      throw new Error(`the server on port ${this.port} was killed, and its data with it`)
    }
    if (this.#life.running) await this.#endCleanly(keepData)
    if (!keepData) await rm(join(this.#options.directory, 'dump.rdb'), { force: true })
    const { process } = await launch({ ...this.#options, port: this.port, signal: this.#stopped.signal })
    this.#life = this.#followed(process)
    this.#frozen = false
    this.#killed = false
  }

  #followed(process: ServerProcess): ServerProcess {
    void process.exited.then((how) => {
      if (this.#asked.has(process)) return
      const last = process.lastLines().at(-1)
      const line = last ? `; last log line: ${last}` : ''
      this.#reportDeath(`${this.version} (process ${process.pid}) ended by itself: ${how}${line}`)
    })
    return process
  }

  async #end(): Promise<void> {
    this.#asked.add(this.#life)
    // SIGKILL ends a frozen process too.
    this.#life.signal('SIGKILL')
    await this.#life.exited
  }

  async #endCleanly(keepData: boolean): Promise<void> {
    if (this.#frozen) this.thaw()
    this.#asked.add(this.#life)
    const address = { host: this.host, port: this.port, password: this.#options.requirepass }
    const command = ['SHUTDOWN', keepData ? 'SAVE' : 'NOSAVE']
    // A clean stop has no reply: the server hangs up.
    const refusal = await ask({ ...address, deadlineMs: CLEAN_STOP_DEADLINE_MS }, command).catch(() => null)
    if (!refusal)
      await Promise.race([this.#life.exited, sleep(CLEAN_STOP_DEADLINE_MS, undefined, { ref: false })])
    if (!this.#life.running) return
    if (keepData) {
      this.#asked.delete(this.#life)
      throw new Error(
        `the server on port ${this.port} could not save its data: ${refusal?.[0] ?? 'no answer'} ${this.#life.lastLines().at(-1) ?? ''}`,
      )
    }
    await this.#end()
  }
}
