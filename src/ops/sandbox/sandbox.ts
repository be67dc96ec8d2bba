/** A real redis-server (or valkey-server) of ours on loopback, without persistence, in a throw-away directory. */
export interface RedisServer {
  /** `127.0.0.1`. */
  readonly host: string
  /** Stays the same over a restart. */
  readonly port: number
  /** `redis://127.0.0.1:<port>` */
  readonly url: string
  /** Of the process that runs now. */
  readonly pid: number
  /** Name and version as the binary prints them, such as `redis-server 7.0.15`. */
  readonly version: string
  /** Resolves, with what happened, if the server ends without having been asked to. */
  readonly died: Promise<string>
  /** SIGKILL: connections are cut, the port is refused. */
  kill(): Promise<void>
  /** SIGSTOP: the kernel still accepts and acknowledges, nobody answers. */
  freeze(): void
  /** SIGCONT. */
  thaw(): void
  /** Starts again on the same port after a kill, or after a clean stop; `keepData` loads what was saved at the stop. */
  restart(options: { keepData: boolean }): Promise<void>
  /** Ends the server and removes its directory. Idempotent. */
  stop(): Promise<void>
}
