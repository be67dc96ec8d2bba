import type { Digest, DigestItem } from './digest.js'
import { conclusionOf } from './doctor-conclusion.js'
import { nextCommands } from './doctor-next.js'
import { privilegesSentence } from './doctor-privileges.js'
import type { Change, CheckReport, CheckStatus, DoctorReport } from './doctor-report.js'

const LEVELS: Record<CheckStatus, DigestItem['level']> = {
  ok: 'ok',
  warn: 'warn',
  FAIL: 'fail',
  skip: 'not judged',
  unknown: 'not judged',
  broken: 'broken',
}

export function doctorDigest(report: DoctorReport): Digest {
  const { checks, target, impact, privileges, baseline } = report
  const { word, counts, sentence } = conclusionOf(report)
  const groups = [...new Set(checks.map(({ group }) => group))]
  return {
    title: 'cache doctor',
    word,
    conclusion: `${counts}: ${sentence}`,
    facts: [
      {
        label: 'Redis',
        text: target.redis === null ? 'not configured' : `${target.redis}, from ${target.decidedBy}`,
      },
      { label: 'Supabase', text: target.supabase ?? 'not configured' },
      { label: 'now', text: [impact.headline, ...impact.effects].join(' ') },
      ...(baseline ? [{ label: 'baseline', text: baseline.file }] : []),
    ],
    groups: groups.map((title) => ({
      title,
      items: checks.filter(({ group }) => group === title).map((check) => itemOf(check, report)),
    })),
    ...(privileges && { toDo: { text: privilegesSentence(privileges), command: privileges.command } }),
    next: nextCommands(report),
  }
}

function itemOf(check: CheckReport, { failOn, baseline }: DoctorReport): DigestItem {
  const { id, title, status, message, remediation, durationMs } = check
  const change = baseline?.changes.find((each) => each.id === id)
  const isBad = status === 'FAIL' ? failOn !== 'never' : status === 'warn' && failOn === 'warn'
  return {
    id,
    title,
    level: change?.kind === 'lost' ? 'broken' : LEVELS[status],
    word: status,
    message: message + wasOf(change),
    remedy: status === 'ok' ? '' : remediation.text,
    commands: status === 'ok' ? [] : remediation.commands,
    counts: baseline ? change?.counts === true : isBad,
    // A check that broke off is no news that may be left out.
    known: baseline !== undefined && change === undefined && status !== 'broken',
    durationMs,
  }
}

/** Of what cannot be seen any more only how grave it was: the reason is the same for many. */
function wasOf(change: Change | undefined): string {
  if (!change?.was) return ''
  const { status, message } = change.was
  if (change.kind !== 'lost') return ` (was ${status}: ${message})`
  return status === 'ok' ? '' : ` (was ${status})`
}
