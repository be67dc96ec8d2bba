import type { NarrowingReport } from '../report/drill-report.js'
import { noCounts } from './doors/counts.js'
import type { Door, DoorCounts, RestDoor, TcpDoor } from './doors/door.js'
import { drawn } from './drawn.js'
import type { Fault } from './fault.js'
import type { Command } from './resp/commands.js'
import { keysOf } from './resp/key-positions.js'
import type { Request } from './resp/request-parser.js'
import { PASS, type Rule } from './resp/rule.js'
import type { RestRule, RestTreatment } from './rest/rule.js'

/** Of all that a fault would touch, what it does touch. Absent: all of it. */
export interface Narrowing {
  /** Names of commands, in lower case; that of a container stands for all of its subcommands. */
  only?: readonly string[]
  /** Commands about these keys and no others. */
  family?: { name: string; has(key: Buffer): boolean }
  /** As many of the commands or requests that are left, above 0 and at most 1; drawn from the seed. */
  probability?: number
  seed: number
}

/** Told of each command, by its name, or request that a fault would touch without its narrowing. */
export interface NarrowingListener {
  treated(): void
  spared(name: string): void
}

/** What is drawn here shall have nothing to do with what faults draw for themselves. */
const OWN_SEQUENCE = 0x5bd1e995

/**
 * The same door for a fault that is to touch less. What it treats is narrowed, connections that it would end live on, and
 * what it does to the network is as ever; `counts` has what was spared.
 */
export function narrowed<D extends Door>(door: D, narrowing: Narrowing, listener?: NarrowingListener): D {
  const { probability, seed } = narrowing
  let spared = 0
  let asked = 0
  const isDrawn = () => probability === undefined || drawn(seed ^ OWN_SEQUENCE, asked++) < probability
  const decide = <T>(isMeant: boolean, name: string, { treatment, pass }: { treatment: T; pass: T }): T => {
    if (isMeant && isDrawn()) {
      listener?.treated()
      return treatment
    }
    spared++
    listener?.spared(name)
    return pass
  }

  const commands = (rule: Rule): Rule => {
    return (request, command, circumstances) => {
      const treatment = rule(request, command, circumstances)
      if (treatment.kind === 'pass') return treatment
      return decide(isAbout(request, command, narrowing), command.name, { treatment, pass: PASS })
    }
  }
  const requests = (rule: RestRule): RestRule => {
    return (index) => {
      const treatment = rule(index)
      if (treatment.kind === 'pass') return treatment
      return decide<RestTreatment>(true, 'request', { treatment, pass: { kind: 'pass' } })
    }
  }
  const own: Partial<Record<string | symbol, unknown>> = {
    counts: (): DoorCounts => ({
      ...door.counts(),
      [door.protocol === 'resp' ? 'commandsSpared' : 'requestsSpared']: spared,
    }),
    interfere: (rule: Rule | RestRule) =>
      door.protocol === 'resp'
        ? (door as Door as TcpDoor).interfere(commands(rule as Rule))
        : (door as Door as RestDoor).interfere(requests(rule as RestRule)),
  }
  return new Proxy(door, {
    get: (target, name) => {
      if (name in own) return own[name]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

/** For the report. */
export function narrowingIn({ only, family, probability }: Narrowing): NarrowingReport {
  return {
    ...(only && { only: only.map((name) => name.replace('|', ' ').toUpperCase()) }),
    ...(family && { family: family.name }),
    ...(probability !== undefined && { probability }),
  }
}

/** What a fault can be narrowed by: it chooses commands, requests, or neither, being of the connection or the server. */
export async function treats({
  needs,
  protocols,
  apply,
}: Pick<Fault, 'needs' | 'protocols' | 'apply'>): Promise<'commands' | 'requests' | null> {
  // A password is only what there has to be for it to be wrong.
  if (needs !== undefined && needs !== 'password') return null
  const called: (string | symbol)[] = []
  const watched = new Proxy({} as Door, {
    get: (_, name) => {
      if (name === 'counts') return noCounts
      return () => {
        called.push(name)
        return Promise.resolve()
      }
    },
  })
  await apply(watched)
  if (called.length !== 1 || called[0] !== 'interfere') return null
  return protocols.includes('resp') ? 'commands' : 'requests'
}

function isAbout(request: Request, command: Command, { only, family }: Narrowing): boolean {
  const [container = command.name] = command.name.split('|')
  if (only !== undefined && !only.includes(command.name) && !only.includes(container)) return false
  if (family === undefined) return true
  const keys = keysOf(request, command)
  return keys.length > 0 && keys.every((key) => family.has(key))
}
