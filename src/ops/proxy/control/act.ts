import type { Fault } from '../../faults/fault.js'
import { UsageError } from '../../report/errors.js'
import type { ProxyStatus } from '../../report/proxy-report.js'
import { faultNamed } from '../faults.js'
import { LeasedError, type FaultyDoor } from '../faulty-door.js'
import { ControlError } from './failure.js'

type Body = Record<string, unknown>

const MAX_MS = 24 * 60 * 60 * 1000
/** A driver on a busy machine must be able to renew in time. */
const MIN_LEASE_MS = 500

type Action = (door: FaultyDoor, body: Body) => Promise<void>

const actions: Readonly<Record<string, Action>> = {
  'GET /status': async (_door, body) => onlyFields(body, []),
  'POST /open': (door, body) => {
    onlyFields(body, [])
    return door.open()
  },
  'POST /fault': async (door, body) => {
    onlyFields(body, ['name', 'forMs', 'leaseMs'])
    const { name } = body
    if (typeof name !== 'string') throw badField('name', 'the name of a fault')
    const forMs = milliseconds(body, 'forMs', 1)
    const leaseMs = milliseconds(body, 'leaseMs', MIN_LEASE_MS)
    const fault = named(name, door)
    await door.apply(fault, { forMs, leaseMs, yields: true }).catch(refused)
  },
  'POST /renew': async (door, body) => {
    onlyFields(body, ['number'])
    if (typeof body['number'] !== 'number') throw badField('number', 'the number of a fault')
    if (!door.renew(body['number'])) throw new ControlError(409, 'LEASE_OVER', 'That fault is over.')
  },
}

/**
 * Does what was asked of the control port.
 *
 * @throws ControlError 400, 404, 405 or 409, with the reason; nothing has changed then
 */
export async function act(
  door: FaultyDoor,
  { method, path, body }: { method: string; path: string; body: Body },
): Promise<ProxyStatus> {
  const action = Object.hasOwn(actions, `${method} ${path}`) ? actions[`${method} ${path}`] : undefined
  if (action) {
    await action(door, body)
    return door.status()
  }
  const known = Object.keys(actions)
  const isPath = known.some((each) => each.split(' ')[1] === path)
  throw new ControlError(
    isPath ? 405 : 404,
    isPath ? 'BAD_METHOD' : 'NOT_FOUND',
    `There is no such thing here; there are ${known.join(', ')}.`,
  )
}

function refused(error: unknown): never {
  if (!(error instanceof LeasedError)) throw error
  throw new ControlError(409, 'DRIVEN', 'A drill is using this proxy now.', [
    'wait for its end, or POST /open, which ends its fault',
  ])
}

function named(name: string, { protocol }: FaultyDoor): Fault {
  try {
    return faultNamed(name, protocol, (meant) => JSON.stringify({ name: meant }))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new ControlError(400, error.code, error.message, error.suggestions)
  }
}

function onlyFields(body: Body, fields: readonly string[]): void {
  const foreign = Object.keys(body).find((name) => !fields.includes(name))
  if (foreign === undefined) return
  const known = fields.length === 0 ? 'none' : fields.join(', ')
  throw new ControlError(
    400,
    'BAD_FIELD',
    `There is no field ${JSON.stringify(foreign.slice(0, 100))}; there is ${known}.`,
  )
}

function milliseconds(body: Body, name: string, least: number): number | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= MAX_MS) return value
  throw badField(name, `a number of milliseconds from ${least} to ${MAX_MS}`)
}

function badField(name: string, wanted: string): ControlError {
  return new ControlError(400, 'BAD_FIELD', `${name} is not ${wanted}.`)
}
