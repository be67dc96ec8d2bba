import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../../src/ops/experiment/monotonic.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'
import { Ambush, type AmbushParts } from '../ambush.js'
import type { Fleet, Place } from '../fleet.js'
import type { Health } from '../health.js'
import type { History } from '../history.js'
import { doorFaults } from './door-faults.js'
import { MORTAL, type Planned, type Second } from './plan.js'
import { serverFaults } from './server-faults.js'

interface ConductParts {
  fleet: Fleet
  server: RedisServer
  health: Health
  history: History
  ambush: AmbushParts
  /** The server lost its data in between. */
  onLoss(fromMs: number, toMs: number): void
}

const AMBUSH_AFTER_MS = 150
const SUCCESSOR_AFTER_MS = 300

/** Makes the planned faults happen and tells the others when they began and ended. */
export class Conductor {
  readonly #parts: ConductParts
  readonly #busyDoors = new Set<Place>()
  readonly #lifts = new Map<Place, () => Promise<void>>()
  readonly #running = new Set<Promise<void>>()
  #serverBusy: Promise<void> | null = null
  readonly happened = new Map<string, { times: number; witnessed: number }>()

  constructor(parts: ConductParts) {
    this.#parts = parts
  }

  /** Begins what is planned for a second; what cannot begin beside what is still there is left out. */
  async begin({ what, spared }: Second): Promise<void> {
    if (spared !== null) await this.#mend(this.#parts.fleet.places[spared]!)
    const work = this.#happen(what)
    this.#running.add(work)
    const forget = () => void this.#running.delete(work)
    work.then(forget, forget)
  }

  async end(): Promise<void> {
    await Promise.all(this.#running)
  }

  #happen(what: Planned): Promise<void> {
    if (what.kind === 'kill') return this.#killOne()
    if (what.kind === 'door') return this.#atDoors(what)
    if (this.#serverBusy) return Promise.resolve()
    this.#serverBusy = this.#atServer(what).finally(() => (this.#serverBusy = null))
    return this.#serverBusy
  }

  async #atDoors({ fault: index, doors, ms }: Extract<Planned, { kind: 'door' }>): Promise<void> {
    const { fleet, health } = this.#parts
    const fault = doorFaults[index]!
    const places = doors.map((door) => fleet.places[door]!).filter((place) => !this.#busyDoors.has(place))
    if (places.length === 0) return
    for (const place of places) this.#busyDoors.add(place)
    const victims = places.map(({ process }) => process.name)
    const ambush = new Ambush(this.#parts.ambush, victims)
    await ambush.before()
    const since = this.#note(fault.name, victims, 'begins')
    for (const name of victims) health.broken(name, fault.name, since)
    const atFault = places.map(({ door }) => door.counts())
    await Promise.all(places.map(({ door }) => fault.apply(door)))
    const lifted = places.map(async (place, at) => {
      const { door } = place
      // A process that was killed and succeeded meanwhile has the same door.
      const before = place.process.name
      const wait = new AbortController()
      let healed: () => void = () => undefined
      const gone = new Promise<void>((resolve) => (healed = resolve))
      this.#lifts.set(place, () => (wait.abort(), gone))
      await sleep(ms, undefined, { signal: wait.signal }).catch(() => undefined)
      const { witnessed } = fault.witness(atFault[at]!, door.counts())
      await fault.lift(door)
      this.#count(fault.name, witnessed)
      for (const name of new Set([before, place.process.name])) health.mended(name, fault.name, monotonicMs())
      this.#note(fault.name, [place.process.name], 'ends')
      this.#busyDoors.delete(place)
      this.#lifts.delete(place)
      healed()
    })
    await sleep(Math.min(AMBUSH_AFTER_MS, ms / 2))
    ambush.during(since)
    await Promise.all(lifted)
    await ambush.after()
  }

  async #atServer({ fault: index, ms }: Extract<Planned, { kind: 'server' }>): Promise<void> {
    const { fleet, health, server, onLoss } = this.#parts
    const fault = serverFaults[index]!
    const ambush = new Ambush(this.#parts.ambush, fleet.names)
    await ambush.before()
    const since = this.#note(fault.name, ['the server'], 'begins')
    for (const name of health.processes) health.broken(name, fault.name, since)
    const happening = fault.happen(server, ms)
    await Promise.race([happening, sleep(Math.min(AMBUSH_AFTER_MS, ms / 2))])
    ambush.during(since)
    await happening
    const now = this.#note(fault.name, ['the server'], 'ends')
    for (const name of health.processes) health.mended(name, fault.name, now)
    if (fault.losesData) onLoss(since, now)
    this.#count(fault.name, true)
    void this.#track(ambush.after())
  }

  async #killOne(): Promise<void> {
    const { fleet, health } = this.#parts
    const place = fleet.places[MORTAL]!
    if (this.#busyDoors.has(place)) return
    this.#busyDoors.add(place)
    const { name } = place.process
    const since = this.#note('kill -9', [name], 'begins')
    health.broken(name, 'kill -9', since)
    fleet.kill(place)
    health.remove(name)
    await sleep(SUCCESSOR_AFTER_MS)
    await fleet.succeed(place)
    health.add(place.process.name, monotonicMs())
    this.#note('kill -9', [place.process.name], 'succeeded by')
    this.#count('kill -9', true)
    this.#busyDoors.delete(place)
  }

  async #mend(place: Place): Promise<void> {
    await this.#lifts.get(place)?.()
    await this.#serverBusy
  }

  #track(work: Promise<void>): Promise<void> {
    this.#running.add(work)
    return work.finally(() => this.#running.delete(work))
  }

  #note(fault: string, victims: string[], what: string): number {
    const now = monotonicMs()
    this.#parts.history.fault(now, `*** ${fault} ${what}: ${victims.join(', ')}`)
    return now
  }

  #count(name: string, witnessed: boolean): void {
    const known = this.happened.get(name) ?? { times: 0, witnessed: 0 }
    known.times++
    if (witnessed) known.witnessed++
    this.happened.set(name, known)
  }
}
