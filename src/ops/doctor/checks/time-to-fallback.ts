import { worstOf, type TimeToFallback, type Wait } from '../../client-options/time-to-fallback.js'
import type { WorldCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { clientRemedy } from '../client-remedy.js'
import { inWords } from '../in-words.js'
import { whichClient, type JudgedClient } from '../judged-client.js'

export const timeToFallbackCheck: WorldCheck = {
  on: 'world',
  id: 'TTF-001',
  group: 'failover',
  title: 'worst-case time to fallback',
  unit: 'ms',
  threshold: {
    warn: 500,
    fail: 2000,
    source:
      'ours, from what services chose that had the incident (langfuse/langfuse#12574: 2 s, later taken back; ibm-skills-network/mark#648: 0.5 s); tests hold the formulas against the real clients',
  },
  deadlineMs: 1000,
  run({ client }, { warn, fail }) {
    if (!client) return { status: 'skip', message: 'no Redis is configured, so nothing waits for it' }
    const { timeToFallback, assumed } = client
    const value = worstOf(timeToFallback)
    const message = sentence(client)
    const remediation = { text: clientRemedy(client) }
    const isAbove = (limit: number | null) => limit !== null && (value === null || value > limit)
    // What nobody declared may be set all right: it is a warning, and no failure.
    const detail = detailOf(timeToFallback)
    if (isAbove(fail)) return { status: assumed ? 'warn' : 'FAIL', message, value, detail, remediation }
    if (isAbove(warn)) return { status: 'warn', message, value, detail, remediation }
    return { status: 'ok', message, value, detail }
  },
}

function sentence(client: JudgedClient): string {
  const { ignored, timeToFallback } = client
  const left = ignored.length > 0 ? `; without effect here: ${ignored.join(', ')}` : ''
  return `${waits(timeToFallback)}; ${whichClient(client)}${left}`
}

/** The worst first, with the option that decides it; what waits equally long is said once. */
function waits({ refused, stalled, unreachable }: TimeToFallback): string {
  const byTime = new Map<number | null, { ways: string[]; because: string }>()
  const add = (way: string, { worstMs, because }: Wait) => {
    const same = byTime.get(worstMs)
    if (same) same.ways.push(way)
    else byTime.set(worstMs, { ways: [way], because })
  }
  add('hung', stalled)
  add('unreachable', unreachable)
  add('refused', refused)
  return [...byTime]
    .sort(([a], [b]) => (b ?? Infinity) - (a ?? Infinity))
    .map(([ms, { ways, because }], index) => {
      const when = byTime.size === 1 ? '' : ` when ${ways.join(' or ')}`
      const time = ms === null ? 'for ever' : ms === 0 ? 'not at all' : `up to ${inWords.time(ms)}`
      return `${time}${when}${index === 0 ? ` (${because})` : ''}`
    })
    .join(', ')
}

/** Null is for ever. */
function detailOf({ refused, stalled, unreachable, lastingMs }: TimeToFallback): Finding['detail'] {
  return {
    refusedMs: refused.worstMs,
    stalledMs: stalled.worstMs,
    unreachableMs: unreachable.worstMs,
    everyCallMs: lastingMs,
  }
}
