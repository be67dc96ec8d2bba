import type { Digest, DigestItem, DigestTable } from './digest.js'
import type { ClauseResult, DrillReport, OutageReport } from './drill-report.js'
import { DRILL_COLUMNS, DRILL_WORDS, drillRow } from './drill-row.js'
import { formatDuration, formatQuantity } from './format.js'
import { outageConclusionOf } from './outage-conclusion.js'

/** One item for each clause of each drill, and one for a drill that proved nothing. */
export function outageDigest(report: OutageReport): Digest {
  const { word, text } = outageConclusionOf(report)
  const { drills, stoppedBy } = report
  const isOfOne = new Set(drills.map(({ subject }) => subject)).size < 2
  const groups = drills.map((drill) => ({
    title: `simulate-outage.${isOfOne ? '' : `${drill.subject}.`}${drill.name}`,
    items: itemsOf(drill, isOfOne ? drill.name : `${drill.subject} ${drill.name}`),
  }))
  const ended = stoppedBy ?? (report.interrupted ? 'interrupted, so this is partial' : undefined)
  return {
    title: 'cache simulate-outage',
    word,
    conclusion: text,
    facts: factsOf(report),
    tables: tablesOf(report),
    groups: [
      ...groups,
      ...(ended === undefined ? [] : [{ title: 'simulate-outage', items: [stopped(ended)] }]),
    ],
    next: nextOf(drills),
  }
}

const PLAIN = { remedy: '', commands: [], counts: false, known: false }

function itemsOf(drill: DrillReport, name: string): DigestItem[] {
  const { reason, clauses } = drill
  if (reason === undefined) return clauses.map((clause) => itemOf(clause, name))
  const title = 'nothing is proved'
  return [{ ...PLAIN, id: name, title, level: 'broken', word: 'skip', message: reason }]
}

function itemOf({ id, title, result, evidence, finding }: ClauseResult, drill: string): DigestItem {
  const common = { ...PLAIN, id: `${drill} ${id}`, title }
  if (result === 'pass') return { ...common, level: 'ok', word: 'ok', message: evidence }
  if (result === 'not judged')
    return { ...common, level: 'not judged', word: 'skip', message: `not judged: ${evidence}` }
  return {
    ...common,
    level: 'fail',
    word: 'FAIL',
    message: finding ? `${finding.happened} Cause: ${finding.cause}` : evidence,
    remedy: finding?.change ?? '',
    commands: finding?.show === undefined ? [] : [finding.show],
    counts: true,
  }
}

function stopped(why: string): DigestItem {
  return { ...PLAIN, id: 'RUN', title: 'the run was stopped', level: 'broken', word: 'skip', message: why }
}

function factsOf(report: OutageReport): Digest['facts'] {
  const { subject, ratePerSecond, seed, plan, environment, app, sharedServer, drills } = report
  const [before, during, after] = [plan.beforeMs, plan.duringMs, plan.afterMs].map(formatDuration)
  const rate = formatQuantity(ratePerSecond, app ? 'request' : 'operation')
  const emulated = environment.emulated.map((part) => `; emulated: ${part}`).join('')
  return [
    { label: 'subject', text: `${app?.command ?? subject}, ${rate}/s, seed ${seed}` },
    ...(app ? [{ label: 'probes', text: app.probes.join(', ') }] : []),
    { label: 'plan', text: `${before} before, ${during} of the fault, ${after} after` },
    {
      label: 'server',
      text: `${sharedServer ? `${sharedServer.target.name}, shared; ` : ''}${environment.server}${emulated}`,
    },
    ...drills.map(({ name, witness }) => ({ label: `seen in ${name}`, text: witness.evidence })),
    ...computedIn(report),
  ]
}

/** What clients would wait by their options, beside what their callers did; drills that say the same are told of together. */
function computedIn({ drills }: OutageReport): Digest['facts'] {
  const drillsByText = new Map<string, string[]>()
  for (const { name, computedFallback: known, timeToFallbackMs: measuredMs } of drills) {
    if (!known) continue
    const measured = measuredMs === null ? 'none before the heal' : formatDuration(measuredMs)
    const text = `${formatDuration(known.worstMs)} at most for ${known.client} (${known.because}); measured: ${measured}`
    drillsByText.set(text, [...(drillsByText.get(text) ?? []), name])
  }
  return [...drillsByText].map(([text, names]) => ({
    label: `time to fallback, computed, ${names.join(', ')}`,
    text: text.replace('never at most', 'never'),
  }))
}

function tablesOf({ drills }: OutageReport): DigestTable[] {
  if (drills.length === 0) return []
  const isOfOne = new Set(drills.map(({ subject }) => subject)).size < 2
  return [
    {
      columns: [...DRILL_COLUMNS, 'verdict'],
      rows: drills.map((drill) => {
        const [name, ...cells] = drillRow(drill)
        return [isOfOne ? name! : `${drill.subject} ${name}`, ...cells, DRILL_WORDS[drill.verdict]]
      }),
    },
  ]
}

function nextOf(drills: readonly DrillReport[]): string[] {
  const failed = drills.flatMap(({ clauses }) => clauses.filter(({ result }) => result === 'fail'))
  return [...new Set(failed.map(({ id }) => `cache explain ${id}`))]
}
