import { databaseOf } from '../../library/backends/redis-url.js'
import type { TargetReport } from '../report/keys-report.js'
import type { Server } from './server.js'

export function reportTarget({ target, facts }: Server, url: string): TargetReport {
  const { name, host, port, production, fingerprint } = target
  return {
    name,
    address: `${host}:${port}`,
    database: databaseOf(url) ?? 0,
    production,
    fingerprint,
    ...facts,
  }
}
