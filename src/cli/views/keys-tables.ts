import type { KeysReport } from '../../ops/report/keys-report.js'
import { formatBytes, formatCount } from '../../ops/report/format.js'
import { sanitise } from '../sanitise.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { formatLifetime } from './keys-parts.js'

/** What one key costs, by family. */
export function sizesOf({ families, orphans }: KeysReport, terminal: Terminal): string[] {
  const kinds = [...families, { ...orphans, family: '(orphans)' }]
  const rows = kinds.flatMap(({ family, bytesSeen, largest }) =>
    bytesSeen && largest
      ? [[family, ...[bytesSeen.p50, bytesSeen.p99, largest.bytes].map((bytes) => formatBytes(bytes))]]
      : [],
  )
  if (rows.length === 0) return []
  const sizes = ['p50', 'p99', 'largest'].map((title) => ({ title, align: 'right' as const }))
  return ['', renderTable([{ title: 'memory per key' }, ...sizes], rows, terminal)]
}

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
