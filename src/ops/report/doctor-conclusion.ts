import type { CheckReport, DoctorReport, Impact } from './doctor-report.js'

/** What a run of doctor comes to, for whoever reads one line. */
export interface Conclusion {
  word: 'ok' | 'warn' | 'FAIL' | 'broken' | 'stopped'
  /** How many of each status, such as `5 ok, 2 FAIL`. */
  counts: string
  sentence: string
}

export function conclusionOf(report: DoctorReport): Conclusion {
  const counts = Object.entries(report.summary)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ')
  if (report.interrupted) return { word: 'stopped', counts, sentence: 'interrupted, so this is partial' }
  return { ...(report.baseline ? sinceThen(report) : asItStands(report)), counts }
}

type Judged = Omit<Conclusion, 'counts'>

function asItStands({ verdict, summary, checks, failOn, impact }: DoctorReport): Judged {
  const failed = checks.filter(({ status }) => status === 'FAIL')
  if (verdict === 'fail') {
    if (failed.length > 0) return { word: 'FAIL', sentence: SENTENCES[worstOf(failed, impact)] }
    return { word: 'FAIL', sentence: `there are warnings, and --fail-on ${failOn} was given` }
  }
  if (verdict === 'inconclusive') return undecided(summary.broken)
  const open = summary.unknown > 0 ? '; unknown is not ok' : ''
  if (failed.length > 0) {
    return { word: 'warn', sentence: `failures, and --fail-on ${failOn} was given${open}` }
  }
  if (summary.warn > 0) return { word: 'warn', sentence: `works, with warnings${open}` }
  const isOk = (wanted: string) => checks.some(({ id, status }) => id === wanted && status === 'ok')
  const ready = open === '' && READINESS.every(isOk)
  return { word: 'ok', sentence: ready ? 'healthy, and ready to lose Redis' : `nothing found${open}` }
}

function sinceThen({ verdict, checks, summary, baseline, failOn }: DoctorReport): Judged {
  const changes = baseline?.changes ?? []
  const count = (...kinds: string[]) => changes.filter(({ kind }) => kinds.includes(kind)).length
  const counted = changes.filter((change) => change.counts).length
  const isChanged = (id: string) => changes.some((change) => change.id === id)
  const known = checks.filter(({ id, status }) => status === 'FAIL' && !isChanged(id)).length
  const asThen = known > 0 ? `; ${known} FAIL as then` : ''
  if (verdict === 'fail') return { word: 'FAIL', sentence: `${counted} worse since the baseline${asThen}` }
  const lost = count('lost')
  if (verdict === 'inconclusive') {
    if (lost === 0 || summary.broken > 0) return undecided(summary.broken)
    return { word: 'broken', sentence: `${lost} judged in the baseline, and not judged now${asThen}` }
  }
  const word = summary.FAIL + summary.warn > 0 ? 'warn' : 'ok'
  const worse = count('worse', 'other')
  if (worse > 0) {
    return {
      word,
      sentence: `${worse} worse since the baseline, which --fail-on ${failOn} lets pass${asThen}`,
    }
  }
  const better = count('better')
  const sentence =
    better > 0 ? `nothing worse since the baseline, ${better} better` : 'nothing changed since the baseline'
  return { word, sentence: sentence + asThen }
}

function undecided(broken: number): Judged {
  const sentence =
    broken > 0 ? 'not every check came to an end, so this proves nothing' : 'nothing was judged'
  return { word: 'broken', sentence }
}

/** Unless these are ok nobody can say so: it answers, callers do not wait, limits hold, and the database takes the rest. */
const READINESS = ['CON-001', 'TTF-001', 'SUP-001', 'LIM-001', 'DB-004']

const SENTENCES = {
  supabase: 'without Supabase nothing works',
  redis: 'Redis does not do its job now',
  stores: 'the stores cannot use Supabase as it is',
  readiness: 'not ready to lose Redis',
  other: 'works, with failures',
}

function worstOf(failed: readonly CheckReport[], { redis }: Impact): keyof typeof SENTENCES {
  // A gateway that answers is no database: DB-005 has no time to tell where a read was not answered.
  const isDown = ({ id, value }: CheckReport) =>
    id === 'SUP-001' || id === 'ENV-001' || (id === 'DB-005' && value === null)
  if (failed.some(isDown)) return 'supabase'
  const isIn = (...groups: string[]) => failed.some(({ group }) => groups.includes(group))
  if (redis === 'away' || redis === 'half' || isIn('connectivity')) return 'redis'
  if (failed.some(({ id }) => id === 'SUP-002' || id === 'SUP-003')) return 'stores'
  return isIn('failover', 'supabase') ? 'readiness' : 'other'
}
