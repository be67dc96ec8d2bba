import { createTcpDoor } from '../../src/ops/faults/doors/tcp.js'
import type { TcpDoor } from '../../src/ops/faults/doors/door.js'
import type { RedisServer } from '../../src/ops/sandbox/sandbox.js'
import type { Watchdog } from '../../src/ops/sandbox/watchdog.js'
import { PROCESSES } from './faults/plan.js'
import type { FromProcess } from './messages.js'
import { startProcess, type SoakProcess } from './soak-process.js'

export interface Place {
  door: TcpDoor
  process: SoakProcess
}

interface FleetOptions {
  server: RedisServer
  watchdog: Watchdog
  seed: number
  opsPerSecond: number
  onMessage(process: string, message: FromProcess): void
  onTrouble(what: string): void
}

/** Four places, each a door and the process behind it; a process that was killed has a successor in its place. */
export class Fleet {
  readonly places: Place[] = []
  readonly #options: FleetOptions
  #births = 0

  constructor(options: FleetOptions) {
    this.#options = options
  }

  async open(): Promise<void> {
    for (let index = 0; index < PROCESSES; index++) {
      const { host, port } = this.#options.server
      const door = await createTcpDoor({ upstream: { host, port } })
      this.places.push({ door, process: await this.#start('abcd'[index]!) })
    }
  }

  get(name: string): SoakProcess | undefined {
    return this.places.find(({ process }) => process.name === name)?.process
  }

  get names(): string[] {
    return this.places.map(({ process }) => process.name)
  }

  begin(place: Place): void {
    const { seed, opsPerSecond } = this.#options
    const { door, process } = place
    const redisUrl = `redis://${door.host}:${door.port}`
    process.send({ type: 'start', name: process.name, redisUrl, seed: seed + this.#births++, opsPerSecond })
  }

  kill(place: Place): void {
    place.process.kill()
    this.#options.watchdog.forget(place.process.pid)
  }

  async succeed(place: Place): Promise<void> {
    place.process = await this.#start(`${place.process.name[0]}${this.#births}`)
    this.begin(place)
  }

  async close(): Promise<void> {
    await Promise.all(this.places.map(({ process }) => process.end()))
    await Promise.all(this.places.map(({ door }) => door.close()))
  }

  async #start(name: string): Promise<SoakProcess> {
    const { watchdog, onMessage, onTrouble } = this.#options
    const process = await startProcess({ name, onMessage: (message) => onMessage(name, message), onTrouble })
    watchdog.watch(process.pid)
    return process
  }
}
