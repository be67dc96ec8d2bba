import type { Witness } from '../../report/drill-report.js'
import { EnvironmentError } from '../../report/errors.js'
import type { Disturbance } from '../disturbance.js'
import { NotDone, type ProxyClient } from './proxy-client.js'

/** Longest that a fault outlives us. */
export const LEASE_MS = 5000
const RENEW_EVERY_MS = 1000

export interface RemoteDisturbance extends Disturbance {
  /** Resolves with why, when the fault did not last as long as it was to. */
  readonly lost: Promise<string>
}

/** A fault at the door of a proxy in another process, under a lease: if we die, it ends by itself. */
export function remoteDisturbance(name: string, proxy: ProxyClient): RemoteDisturbance {
  let timer: NodeJS.Timeout | undefined
  let witness: Witness = { witnessed: false, evidence: 'the fault was never on', counts: {} }
  let number: number | undefined
  let lose: (why: string) => void = () => undefined
  const lost = new Promise<string>((resolve) => (lose = resolve))

  const renew = async (current: number) => {
    try {
      const { fault } = await proxy.renew(current)
      if (fault?.number === current) witness = fault.witness
    } catch (error) {
      // One answer that is late is no reason: the lease lasts for several.
      if (error instanceof NotDone) lose('somebody lifted the fault at the proxy before its time')
      else if (isRefused(error)) lose('the proxy has ended')
    }
  }

  return {
    lost,
    begin: async () => {
      const { fault } = await asOurs(proxy.fault(name, LEASE_MS))
      number = fault?.number
      if (number === undefined) return
      const current = number
      timer = setInterval(() => void renew(current), RENEW_EVERY_MS)
    },
    end: async () => {
      clearInterval(timer)
      if (number === undefined) return
      const ended = number
      number = undefined
      const { last } = await asOurs(proxy.open())
      if (last?.number === ended) witness = last.witness
    },
    witness: () => witness,
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof EnvironmentError && /ECONNREFUSED|ECONNRESET/.test(error.message)
}

async function asOurs<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof NotDone)) throw error
    throw new EnvironmentError(`PROXY_${error.code}`, `The proxy would not do it: ${error.message}`, [])
  }
}
