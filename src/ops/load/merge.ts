import { plainText } from '../experiment/plain-text.js'
import { rounded } from '../experiment/rounded.js'
import { UsageError } from '../report/errors.js'
import type { LoadReport } from '../report/load-report.js'
import type { Verdict } from '../report/report.js'
import { differencesBetween, trafficOf } from './differences.js'
import { inWords } from './in-words.js'
import { mergedMoments } from './merge-moments.js'
import { mergedSeconds, mergedWindows } from './merge-windows.js'
import { verdictOf } from './judge.js'
import { loadPhaseOf, loadSecondOf } from './phases.js'
import type { SavedReport } from './saved-report.js'
import { judgeSlo, notJudged } from './slo/judge-slo.js'
import type { Observed } from './slo/observed.js'
import type { Slo } from './slo/slo.js'
import type { WindowName } from './window.js'

/** A whole second that could be well, and the steps in which it is looked for. */
const LEAST_AFTER_MS = 1500

const PHASES = ['before', 'during', 'after'] as const
const TRANSITIONS = ['onset', 'settled', 'recovery', 'recovered'] as const

/**
 * One report of what several generators saw of one experiment at the same time: their rates, counts and histograms added up
 * exactly, whatever the order; of moments and of what was measured of a process the worst. What is merged can be merged again.
 *
 * The SLOs are judged anew on the whole; without any, the verdict is the worst of the parts. A part that was not sound makes the
 * whole inconclusive, by its name.
 *
 * @throws UsageError when they are not of one experiment, or one is in it twice
 */
export function mergeReports(parts: readonly SavedReport[], slos: readonly Slo[]): LoadReport {
  checkParts(parts)
  // Texts of the parts come out in one order, too.
  const ordered = [...parts].sort((left, right) => compareText(identityOf(left), identityOf(right)))
  const reports = ordered.map(({ report }) => report)
  const first = reports[0]!
  const { windows, unseen } = mergedWindows(ordered)
  const seconds = mergedSeconds(ordered)
  const moments = mergedMoments(reports)
  const of = <Name extends WindowName>(names: readonly Name[]) =>
    names.flatMap((name) => {
      const window = windows.get(name)
      return window ? [loadPhaseOf(name, window, unseen)] : []
    })
  const [phases, transitions] = [of(PHASES), of(TRANSITIONS)]
  const timeline = seconds.map((second) => loadSecondOf(second, unseen))
  const observed: Observed = {
    window: (name) => windows.get(name) ?? null,
    seconds: (name) =>
      seconds.filter(({ phase }) => phase === name).map(({ window, endMs }) => ({ endMs, window })),
    moments,
    unseen: {
      ...(unseen.hitsUnseen && { hits: 'one of the generators did not see them' }),
      ...(unseen.loadsUnseen && { loads: 'one of the generators did not count them' }),
      ...(windows.get('before')?.rssMaxBytes === null && {
        processes: 'one of the generators did not see them',
      }),
    },
  }
  const doubt = unsound(ordered)
  const reason = doubt ?? died(ordered)
  const results = slos.map((slo) =>
    reason === null ? judgeSlo(slo, observed) : notJudged(slo, 'a part is not sound'),
  )
  return rounded({
    schema: 'cache.load-test/1',
    command: 'load-test',
    verdict: doubt !== null ? 'inconclusive' : reason !== null ? 'fail' : verdict(),
    subject: first.subject,
    fault: first.fault,
    seed: Math.min(...reports.map(({ seed }) => seed)),
    ratePerSecond: sum(reports.map(({ ratePerSecond }) => ratePerSecond)),
    plan: first.plan,
    witness: witnessOf(reports),
    generator: generatorOf(reports),
    phases,
    ...(transitions.length > 0 && { transitions }),
    timeline,
    ...(moments && { moments }),
    slos: results,
    inWords:
      reason === null ? [blamed(), toldInWords()].filter((text) => text !== null).join('. ') || null : null,
    ...(reason !== null && { reason }),
    environment: {
      server: textsOf(reports.map(({ environment }) => environment.server)),
      emulated: [...new Set(reports.flatMap(({ environment }) => environment.emulated))].sort(),
    },
    ...(first.arrivals !== undefined && { arrivals: first.arrivals }),
    ...(first.traffic !== undefined && { traffic: first.traffic }),
    merged: sum(reports.map(({ merged = 1 }) => merged)),
  })

  function toldInWords(): string | null {
    const couldRecover = first.plan.afterMs >= LEAST_AFTER_MS
    const told = { fault: first.fault, apart: false, phases, transitions, timeline, couldRecover }
    return inWords({ ...told, moments: moments ?? undefined })
  }

  /** Without SLOs of its own the whole is no better than its parts; which, as theirs are not shown. */
  function blamed(): string | null {
    if (slos.length > 0 || verdict() === 'pass') return null
    const of = ordered.filter(({ report }) => report.verdict === verdict()).map(({ file }) => plainText(file))
    const what = verdict() === 'fail' ? 'missed' : 'could not judge'
    return `of the parts, ${of.join(', ')} ${what} SLOs of ${of.length === 1 ? 'its' : 'their'} own`
  }

  function verdict(): Verdict {
    if (slos.length > 0) return verdictOf(results)
    const all = reports.map((report) => report.verdict)
    return all.includes('fail') ? 'fail' : all.includes('inconclusive') ? 'inconclusive' : 'pass'
  }
}

/** What generators that share a seed have in common, in one sentence; null when they do not. */
export function sameSeed(parts: readonly SavedReport[]): string | null {
  const seen = new Map<number, string>()
  for (const { file, report } of parts) {
    const other = seen.get(report.seed)
    if (other !== undefined) {
      return `${plainText(other)} and ${plainText(file)} have the seed ${report.seed}: they asked for the same keys at the same instants`
    }
    seen.set(report.seed, file)
  }
  return null
}

function checkParts(parts: readonly SavedReport[]): void {
  const [first, ...others] = parts
  if (!first || others.length === 0) {
    throw new UsageError(
      'NOTHING_TO_MERGE',
      'There are at least two reports to merge, one of each generator.',
    )
  }
  const seen = new Map<string, string>()
  for (const part of parts) {
    const { file, report } = part
    if (report.repeat !== undefined) {
      const times = report.repeat.times
      throw new UsageError(
        'MERGE_OF_REPEATED',
        `${plainText(file)} holds ${times} runs, one after the other; only what ran at the same time can be merged.`,
        ['cache load-test without --repeat'],
      )
    }
    const identity = identityOf(part)
    const twin = seen.get(identity)
    if (twin !== undefined) {
      throw new UsageError(
        'MERGED_TWICE',
        `${plainText(twin)} and ${plainText(file)} are one and the same report, which would count twice.`,
        ['name each report once'],
      )
    }
    seen.set(identity, file)
    const differences = differencesBetween(first.report, report, ['subject', 'fault', 'plan', 'arrivals'])
    if (trafficOf(first.report) !== trafficOf(report)) differences.push('traffic')
    if (differences.length > 0) {
      throw new UsageError(
        'NOT_THE_SAME_EXPERIMENT',
        `${plainText(first.file)} and ${plainText(file)} are not of the same experiment: ${plainText(differences.join('; '))}.`,
        ['cache load-test compare shows two experiments side by side'],
      )
    }
  }
}

function identityOf({ report: { seed, phases, timeline } }: SavedReport): string {
  return JSON.stringify([seed, phases, timeline])
}

function unsound(parts: readonly SavedReport[]): string | null {
  const found = parts.flatMap(({ file, report: { verdict, interrupted, reason } }) => {
    if (interrupted) return [`${plainText(file)} was interrupted, and is partial`]
    // Without a reason the run was sound, and an SLO of it could not be judged.
    if (verdict === 'inconclusive' && reason !== undefined)
      return [`${plainText(file)}: ${plainText(reason)}`]
    return []
  })
  return found.length === 0 ? null : found.join('; ')
}

function died(parts: readonly SavedReport[]): string | null {
  const found = parts.flatMap(({ file, report: { verdict, reason } }) =>
    verdict === 'fail' && reason !== undefined ? [`${plainText(file)}: ${plainText(reason)}`] : [],
  )
  return found.length === 0 ? null : found.join('; ')
}

function witnessOf(reports: readonly LoadReport[]): LoadReport['witness'] {
  const seen = reports.flatMap(({ witness }) => witness ?? [])
  if (seen.length === 0) return null
  const counts = new Map<string, number>()
  for (const [name, count] of seen.flatMap((each) => Object.entries(each.counts))) {
    counts.set(name, (counts.get(name) ?? 0) + count)
  }
  return {
    witnessed: seen.length === reports.length && seen.every(({ witnessed }) => witnessed),
    evidence: textsOf(seen.map(({ evidence }) => evidence)),
    counts: Object.fromEntries(counts),
  }
}

function generatorOf(reports: readonly LoadReport[]): LoadReport['generator'] {
  const late = reports.flatMap(({ generator }) => generator.latenessP99Ms ?? [])
  return {
    latenessP99Ms: late.length === 0 ? null : Math.max(...late),
    limitMs: Math.min(...reports.map(({ generator }) => generator.limitMs)),
    unstarted: sum(reports.map(({ generator }) => generator.unstarted ?? 0)),
  }
}

const BETWEEN = ' | '

/** Each text once, also those of what was merged before. */
function textsOf(texts: readonly string[]): string {
  return [...new Set(texts.flatMap((text) => text.split(BETWEEN)))].sort().join(BETWEEN)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
