import type { TargetReport } from '../../src/ops/report/keys-report.js'

/** A server of production, as a report names it. */
export const target: TargetReport = {
  name: 'redis-prod',
  address: '10.0.0.7:6379',
  database: 0,
  production: true,
  fingerprint: '9f3a71c20001',
  role: 'master',
  version: '7.0.15',
  runId: '0123456789abcdef',
  cluster: false,
}
