import type { DrillReport, OutageReport } from './drill-report.js'
import { formatQuantity } from './format.js'

export interface OutageConclusion {
  word: 'ok' | 'FAIL' | 'skip' | 'stopped'
  text: string
}

/** The verdict in words, for every form of the report. */
export function outageConclusionOf(report: OutageReport): OutageConclusion {
  const { verdict, summary, subject, interrupted, drills } = report
  const { passed, failed, inconclusive } = summary
  const counts = `${passed} passed, ${failed} failed, ${inconclusive} inconclusive`
  if (interrupted) return { word: 'stopped', text: `${counts}; interrupted, so this is partial` }
  if (verdict === 'pass') return { word: 'ok', text: `${counts}: ${subject} lost ${whatBecameOf(drills)}` }
  if (verdict === 'fail') {
    const harm = ofSource(drills).length === 0 ? 'is noticed by' : 'harms'
    return { word: 'FAIL', text: `${counts}: losing ${lostIn(report)} ${harm} callers of ${subject}` }
  }
  return { word: 'skip', text: `${counts}: ${passed > 0 ? 'that is not all of it' : 'nothing is proved'}` }
}

/** What the drills took away: Redis, Supabase, or both. */
export function lostIn({ drills }: Pick<OutageReport, 'drills'>): string {
  if (drills.length > 0 && ofSource(drills).length === drills.length) return 'Supabase'
  return drills.flatMap(namesIn).some(isOfSource) ? 'Redis or Supabase' : 'Redis'
}

const namesIn = ({ name, timeline }: DrillReport) => timeline?.map(({ fault }) => fault) ?? [name]
const isOfSource = (name: string) => name.startsWith('supabase-')
/** Drills of the source of truth, which nobody can lose unnoticed: it has to be told, and nothing but that. */
const ofSource = (drills: readonly DrillReport[]) =>
  drills.filter((drill) => namesIn(drill).every(isOfSource))

function whatBecameOf(drills: readonly DrillReport[]): string {
  const source = ofSource(drills).length
  const cache = drills.length - source
  const told = [
    ...(cache > 0 ? [`Redis in ${formatQuantity(cache, 'way')} and nobody noticed`] : []),
    ...(source > 0 ? [`Supabase in ${formatQuantity(source, 'way')} and said so at once`] : []),
  ]
  return told.join(', ')
}
