import type { FamiliesReport, ListedFamily } from '../../ops/report/families-report.js'
import { renderTable, type Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { formatLifetime, paragraph } from './keys-parts.js'

const COLUMNS: Column[] = [
  { title: 'family' },
  { title: 'keys, their SCAN pattern, and what holds of them', wraps: true },
]

/** Three lines for each family, under who declares it. */
export function familiesText({ families, file }: FamiliesReport, terminal: Terminal): string {
  const declarers = [...new Set(families.map(({ declaredIn }) => declaredIn))]
  const parts = declarers.map((declarer) => {
    const rows = families.filter(({ declaredIn }) => declaredIn === declarer).flatMap(rowsOf)
    return `${paragraph('declared', declarer, terminal)}\n\n${renderTable(COLUMNS, rows, terminal)}`
  })
  const where = file === null ? 'a project file (cache config init)' : file
  const hint = `those of your own go under "families" in ${where}; docs/configuration.md says how`
  return [...parts, ...(declarers.length > 1 ? [] : [paragraph('note', hint, terminal)])].join('\n\n')
}

function rowsOf(family: ListedFamily): string[][] {
  return [
    [family.family, family.pattern],
    ['', family.scanPattern],
    ['', factsOf(family)],
  ]
}

function factsOf({ ttlSeconds, type, evictable, staleOk, authorisation }: ListedFamily): string {
  return [
    ttlSeconds === null ? 'each key has its own TTL' : `TTL ${formatLifetime(ttlSeconds * 1000)}`,
    type ?? 'any type',
    evictable ? 'evictable' : 'not evictable',
    ...(staleOk ? ['staleOk'] : []),
    ...(authorisation ? ['authorisation'] : []),
  ].join(', ')
}
