import type { Door, DoorCounts, Protocol } from '../faults/doors/door.js'
import type { Fault } from '../faults/fault.js'
import { narrowed, narrowingIn, type Narrowing } from '../faults/narrowing.js'
import type { AppliedFault, Ending, Proxied, ProxyStatus } from '../report/proxy-report.js'
import { faultsAt } from './faults.js'

/** What happened at the door, whoever was the cause. */
export type DoorEvent =
  | { type: 'fault'; fault: AppliedFault }
  | { type: 'lifted'; fault: NonNullable<ProxyStatus['last']> }
  /** The door could not be opened again; it is tried once more every second. */
  | { type: 'stuck'; why: string }

export interface ApplyOptions {
  /** What of all that it would touch it does touch. */
  narrowing?: Narrowing | undefined
  /** Ends by itself after so long. @default not */
  forMs?: number | undefined
  /** Ends by itself when it is not renewed for so long. */
  leaseMs?: number | undefined
  /** Rejects with `LeasedError` while another one is on that is under a lease. @default false */
  yields?: boolean | undefined
}

/** Somebody else's fault is on, and under a lease. */
export class LeasedError extends Error {
  override readonly name = 'LeasedError'
}

interface Running {
  fault: Fault
  /** Where it is applied, and what it counts there. */
  at: Door
  narrowing: Narrowing | undefined
  number: number
  since: Date
  /** These two by the monotonic clock: whoever sets the time prolongs no outage. */
  endsAtMs: number | null
  leaseMs: number | undefined
  leasedUntilMs: number | null
  atFault: DoorCounts
}

const RETRY_MS = 1000

/** A door and the one fault that is on at a time, which ends when it was asked to, and at the latest with its time or lease. */
export class FaultyDoor {
  readonly #door: Door
  readonly #to: Proxied
  readonly #onEvent: (event: DoorEvent) => void
  #running: Running | null = null
  #last: ProxyStatus['last'] = null
  #number = 0
  #timer: NodeJS.Timeout | undefined
  /** A change waits for the one before it: whoever asks last has the last word. */
  #lastChange: Promise<unknown> = Promise.resolve()

  constructor(to: Proxied, door: Door, onEvent: (event: DoorEvent) => void = () => undefined) {
    this.#to = to
    this.#door = door
    this.#onEvent = onEvent
  }

  get protocol(): Protocol {
    return this.#door.protocol
  }

  /** In place of the one that is on. Must be one of this door's. */
  apply(fault: Fault, { narrowing, forMs, leaseMs, yields = false }: ApplyOptions = {}): Promise<void> {
    return this.#change(async () => {
      // Looked at in its turn: of two that come at once the second must see the first one's.
      if (yields && this.#running?.leasedUntilMs != null) throw new LeasedError()
      await this.#end('replaced')
      const now = performance.now()
      const at = narrowing ? narrowed(this.#door, narrowing) : this.#door
      this.#running = {
        fault,
        at,
        narrowing,
        number: ++this.#number,
        since: new Date(),
        endsAtMs: forMs === undefined ? null : now + forMs,
        leaseMs,
        leasedUntilMs: leaseMs === undefined ? null : now + leaseMs,
        atFault: at.counts(),
      }
      // Before it is on: whatever goes wrong while it is put on, it is lifted in time.
      this.#schedule()
      try {
        await fault.apply(at)
      } catch (error) {
        await this.#end('asked').catch(() => undefined)
        throw error
      }
      this.#onEvent({ type: 'fault', fault: this.#described(this.#running) })
    })
  }

  /** Lets everything pass again. Nothing happens where it does already. */
  open(ending: Ending = 'asked'): Promise<void> {
    return this.#change(() => this.#end(ending))
  }

  /** Puts the end of a leased fault off. False: it is over already, or is another one. */
  renew(number: number): boolean {
    const running = this.#running
    if (running?.number !== number || running.leaseMs === undefined) return false
    running.leasedUntilMs = performance.now() + running.leaseMs
    this.#schedule()
    return true
  }

  status(): ProxyStatus {
    return {
      schema: 'cache.proxy.status/1',
      to: this.#to,
      fault: this.#running === null ? null : this.#described(this.#running),
      last: this.#last,
      faults: faultsAt(this.#door.protocol).map(({ name }) => name),
      openConnections: this.#door.openConnections(),
      counts: { ...this.#door.counts() },
    }
  }

  /** Lifts what is on and cuts everything. Idempotent. */
  async close(): Promise<void> {
    await this.open('closing').catch(() => undefined)
    clearTimeout(this.#timer)
    await this.#door.close()
  }

  #change(change: () => Promise<void>): Promise<void> {
    const changed = this.#lastChange.then(change)
    this.#lastChange = changed.catch(() => undefined)
    return changed
  }

  async #end(ending: Ending): Promise<void> {
    const running = this.#running
    if (running === null) return
    const seen = this.#described(running)
    await running.fault.lift(this.#door)
    clearTimeout(this.#timer)
    this.#running = null
    this.#last = { ...seen, ended: new Date().toISOString(), ending }
    this.#onEvent({ type: 'lifted', fault: this.#last })
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    const running = this.#running
    const dueMs = running && endOf(running)
    if (running == null || dueMs == null) return
    const end = () => {
      this.#change(async () => {
        if (this.#running !== running) return
        const now = performance.now()
        // Renewed while the change before this one was made; or the timer came a moment early, as they do.
        if (now < (endOf(running) ?? Infinity)) this.#schedule()
        else await this.#end(running.endsAtMs !== null && now >= running.endsAtMs ? 'time' : 'lease')
      }).catch((error: unknown) => {
        // Such as a port that a stranger has taken while it was closed.
        this.#onEvent({ type: 'stuck', why: error instanceof Error ? error.message : String(error) })
        this.#timer = setTimeout(end, RETRY_MS)
      })
    }
    this.#timer = setTimeout(end, Math.max(1, dueMs - performance.now()))
  }

  #described({ fault, at, narrowing, number, since, atFault, ...times }: Running): AppliedFault {
    const endMs = endOf(times)
    const until = endMs === null ? null : new Date(Date.now() + endMs - performance.now())
    return {
      name: fault.name,
      number,
      since: since.toISOString(),
      until: until && until.toISOString(),
      witness: fault.witness(atFault, at.counts()),
      ...(narrowing && { narrowing: narrowingIn(narrowing) }),
    }
  }
}

/** The earlier of its time and its lease; null: neither. */
function endOf({ endsAtMs, leasedUntilMs }: Pick<Running, 'endsAtMs' | 'leasedUntilMs'>): number | null {
  if (endsAtMs === null || leasedUntilMs === null) return endsAtMs ?? leasedUntilMs
  return Math.min(endsAtMs, leasedUntilMs)
}
