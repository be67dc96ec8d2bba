import type { TargetReport } from '../report/keys-report.js'
import type { Server } from './server.js'

export function reportTarget({ target, facts }: Server, url: string): TargetReport {
  const { name, host, port, production, fingerprint } = target
  return {
    name,
    address: `${host}:${port}`,
    database: Number(/^\/(\d+)/.exec(new URL(url).pathname)?.[1] ?? 0),
    production,
    fingerprint,
    ...facts,
  }
}
