import type { NarrowingReport, Witness } from './drill-report.js'
import type { Report, ReportError } from './report.js'

/** What a proxy may stand in front of. */
export const PROXIED = ['redis', 'upstash', 'supabase'] as const
export type Proxied = (typeof PROXIED)[number]

/**
 * Why a fault ended: somebody asked for it, its time was up, whoever drove it was not heard of any more, another one took its
 * place, or the proxy closes.
 */
export type Ending = 'asked' | 'time' | 'lease' | 'replaced' | 'closing'

/** A fault that is on, or was. */
export interface AppliedFault {
  name: string
  /** Counts the faults of this proxy, from 1: which of them a lease is about. */
  number: number
  /** ISO 8601. */
  since: string
  /** When it ends by itself; null: not until somebody asks. A lease that is renewed puts it off. */
  until: string | null
  witness: Witness
  /** What of all that it would touch it touched. Absent: all of it. */
  narrowing?: NarrowingReport
}

/** What `GET /status` answers, and every change of state too. */
export interface ProxyStatus {
  schema: 'cache.proxy.status/1'
  to: Proxied
  /** Null: everything passes. */
  fault: AppliedFault | null
  /** The one before it, as it was when it ended; null: there was none. */
  last: (AppliedFault & { ended: string; ending: Ending }) | null
  /** Names that `POST /fault` takes. */
  faults: string[]
  openConnections: number
  /** Since the proxy was started; they only grow. */
  counts: Record<string, number>
}

/** What the control port answers to a request that it does not carry out. */
export interface ControlFailure {
  error: { code: string; message: string; suggestions?: ReportError['suggestions'] }
}

/** A faulty door that `cache proxy` keeps open. */
export interface ProxyReport extends Report {
  command: 'proxy'
  /** End this process (SIGINT or SIGTERM) to close the door. */
  pid: number
  to: Proxied
  /** What the application is to be started with, credentials apart; those stay as they are. */
  env: Record<string, string>
  /** Whether its own variable holds a user or password, which must be put in again. */
  credentialsStay: boolean
  /** The server behind the door. */
  upstream: { host: string; port: number; tls: boolean; name: string; production: boolean }
  proxy: { host: string; port: number }
  /** `tokenFile`: its owner alone can read it, and it is gone with the proxy. */
  control: { url: string; tokenFile: string }
  faults: { name: string; summary: string }[]
}
