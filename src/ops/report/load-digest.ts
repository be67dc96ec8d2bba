import type { Digest, DigestItem } from './digest.js'
import { conclusionOf } from './load-conclusion.js'
import { endpointsTable, phasesTable } from './load-digest-table.js'
import type { LoadReport, SloResult } from './load-report.js'

/** One item for each promise and each figure of the baseline, and one for whether the run can be trusted. */
export function loadDigest(report: LoadReport): Digest {
  const { word, text } = conclusionOf(report)
  const { slos } = report
  const asked = slos.filter(({ from }) => from === undefined)
  const before = slos.filter(({ from }) => from === 'baseline')
  const groups = [
    { title: 'load-test', items: [soundness(report)] },
    { title: 'load-test.slo', items: asked.map((slo, index) => itemOf(slo, `SLO-${index + 1}`, report)) },
    {
      title: 'load-test.baseline',
      items: before.map((slo, index) => itemOf(slo, `BASE-${index + 1}`, report)),
    },
  ]
  return {
    title: 'cache load-test',
    word,
    conclusion: text,
    facts: factsOf(report),
    tables: [...phasesTable(report), ...endpointsTable(report)],
    groups: groups.filter(({ items }) => items.length > 0),
    next: [],
  }
}

function soundness(report: LoadReport): DigestItem {
  const { reason, stoppedBy, interrupted, verdict, slos, generator, inWords } = report
  const ended = interrupted ? (reason ?? 'it was interrupted') : (stoppedBy ?? reason)
  const isBad = ended !== undefined
  // The end of the subject's process is its own doing, and was seen.
  const isMissed = slos.some(({ result }) => result === 'fail')
  // Of a merge without SLOs the parts decide, and what they missed is not among these.
  const isOfParts = !isBad && verdict !== 'pass' && slos.every(({ result }) => result === 'pass')
  const fails = isOfParts && verdict === 'fail'
  const died = isBad && verdict === 'fail' && !isMissed && !interrupted && stoppedBy === undefined
  const late = generator.latenessP99Ms
  return {
    ...PLAIN,
    id: 'RUN',
    title: 'the run was sound',
    level: died || fails ? 'fail' : isBad || isOfParts ? 'broken' : 'ok',
    word: died || fails ? 'FAIL' : isBad || isOfParts ? 'skip' : 'ok',
    message:
      ended ??
      (isOfParts ? inWords : null) ??
      (late === null ? 'nothing was started' : `starts ${timeOf(late)} late at p99`),
    counts: died || fails,
  }
}

function itemOf({ slo, result, evidence }: SloResult, id: string, report: LoadReport): DigestItem {
  // Of a run that is not sound it is told once.
  const open = report.reason === undefined ? 'broken' : 'not judged'
  return {
    ...PLAIN,
    id,
    title: slo,
    level: ({ pass: 'ok', fail: 'fail', 'not judged': open } as const)[result],
    word: { pass: 'ok', fail: 'FAIL', 'not judged': 'skip' }[result],
    message: result === 'not judged' ? `not judged: ${evidence}` : evidence,
    counts: result === 'fail',
  }
}

const PLAIN = { remedy: '', commands: [], known: false }

function factsOf(report: LoadReport): Digest['facts'] {
  const { subject, ratePerSecond, arrivals = 'constant', seed, fault, plan, environment, witness } = report
  const [before, during, after] = [plan.beforeMs, plan.duringMs, plan.afterMs].map(timeOf)
  const { repeat, merged } = report
  const runs = repeat ? `; ${repeat.times} runs, quorum ${repeat.quorum}` : ''
  const of = merged === undefined ? '' : `; ${merged} reports together`
  return [
    { label: 'subject', text: `${subject}, ${ratePerSecond} operations/s, ${arrivals}, seed ${seed}` },
    {
      label: 'plan',
      text: `${before} before, ${during} ${fault === 'none' ? 'during' : `under ${fault}`}, ${after} after${runs}${of}`,
    },
    { label: 'server', text: [environment.server, ...environment.emulated].join('; ') },
    ...(witness ? [{ label: 'witness', text: witness.evidence }] : []),
    ...momentsOf(report),
  ]
}

function momentsOf({ moments, phases }: LoadReport): Digest['facts'] {
  if (!moments) return []
  const { firstSlowMs, fallbackMs, detectedMs, sign, recoveredMs, herdFactor } = moments
  const parts = [
    ...(firstSlowMs === null ? ['nothing slow'] : [`first slow after ${timeOf(firstSlowMs)}`]),
    ...(fallbackMs === null ? [] : [`first fallback after ${timeOf(fallbackMs)}`]),
    ...(detectedMs !== null
      ? [`first sign after ${timeOf(detectedMs)}${sign === null ? '' : ` (${sign})`}`]
      : // Of an app that runs already nobody reads what it logs.
        phases.some(({ printedBytes }) => printedBytes !== null)
        ? ['no sign']
        : []),
    recoveredMs === null ? 'not recovered' : `recovered ${timeOf(recoveredMs)} after the heal`,
    ...(herdFactor === null ? [] : [`herd ${Number(herdFactor.toFixed(1))} x`]),
  ]
  return [{ label: 'moments', text: parts.join('; ') }]
}

function timeOf(ms: number): string {
  return ms < 1000 ? `${Number(ms.toFixed(ms < 10 ? 1 : 0))} ms` : `${Number((ms / 1000).toFixed(1))} s`
}
