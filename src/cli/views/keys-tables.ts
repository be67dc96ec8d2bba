import type { KeysReport } from '../../ops/report/keys-report.js'
import { formatBytes, formatCount } from '../format.js'
import { sanitise } from '../sanitise.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { formatLifetime } from './keys-parts.js'

/** The masters of a cluster; nothing where there is one server only, and it did not fail. */
export function nodesOf({ scan: { nodes } }: KeysReport, terminal: Terminal): string[] {
  if (nodes.length < 2) return []
  const rows = nodes.map(({ address, databaseKeys, keysSeen, complete, error }) => [
    sanitise(address),
    formatCount(keysSeen),
    databaseKeys === null ? '-' : formatCount(databaseKeys),
    error ? `FAIL ${error.code}: ${sanitise(error.message)}` : complete ? 'ok' : 'partial',
  ])
  const columns = [
    { title: 'master' },
    { title: 'keys', align: 'right' as const },
    { title: 'DBSIZE', align: 'right' as const },
    { title: 'pass', wraps: true },
  ]
  return ['', renderTable(columns, rows, terminal)]
}

/** The keys that cost most, of those that were measured. */
export function largestOf({ largest }: KeysReport, terminal: Terminal): string[] {
  if (largest.length === 0) return []
  const rows = largest.map(({ key, family, type, bytes, ttlMs }) => [
    sanitise(key),
    family ?? '-',
    sanitise(type),
    formatBytes(bytes),
    ttlMs === null ? 'none' : formatLifetime(ttlMs),
  ])
  const columns = [
    { title: 'largest', wraps: true },
    { title: 'family' },
    { title: 'type' },
    { title: 'memory', align: 'right' as const },
    { title: 'TTL', align: 'right' as const },
  ]
  return ['', renderTable(columns, rows, terminal)]
}
