import type { AppPlanReport, OutageReport, SharedServerReport } from '../../drill-report.js'
import { formatDuration, formatQuantity } from '../../format.js'
import { narrowingOf } from '../../narrowing.js'
import type { Fact, PageOrigin } from '../page.js'
import { originFacts } from './origin.js'

/** What was drilled, when, on what, and by which plan. */
export function outageFacts(report: OutageReport, origin: PageOrigin): Fact[] {
  const { subject, seed, ratePerSecond, plan, narrowing, app, sharedServer, environment, stoppedBy } = report
  const [before, during, after] = [plan.beforeMs, plan.duringMs, plan.afterMs].map(formatDuration)
  return [
    ...(app ? appFacts(app) : [{ label: 'subject', text: subject }]),
    ...originFacts(origin),
    { label: 'plan', text: `${before} before, ${during} of the fault, ${after} after` },
    {
      label: 'traffic',
      text: `${formatQuantity(ratePerSecond, app ? 'request' : 'operation')}/s, whether or not earlier ones are answered; seed ${seed}`,
    },
    ...(narrowing ? [{ label: 'only', text: narrowingOf(narrowing) }] : []),
    { label: 'server', text: serverText(report) },
    ...environment.emulated.map((text) => ({ label: 'emulated', text })),
    ...(sharedServer ? sharedFacts(sharedServer) : []),
    ...(stoppedBy === undefined ? [] : [{ label: 'stopped by', text: stoppedBy }]),
    ...(report.warnings ?? []).map((text) => ({ label: 'warning', text })),
  ]
}

function appFacts({ command, ready, probes, variables, isRunning, ownServers }: AppPlanReport): Fact[] {
  const servers = ownServers?.servers ?? []
  return [
    {
      label: 'app',
      text: isRunning
        ? `${ready}, which ran already`
        : `${command}, ready at ${ready}, started anew for each drill`,
    },
    { label: 'probes', text: probes.join(', ') },
    ...(isRunning ? [] : [{ label: 'doors', text: `in place of ${variables.join(', ')}` }]),
    ...servers.map(({ variables: names, name, host, port, production, hasDoor }) => ({
      label: 'own server',
      text: `${names.join(', ')}: ${name}, ${host}:${port} (${production ? 'confirmed' : 'not production'})${hasDoor ? '' : ', without a door'}`,
    })),
  ]
}

function serverText({ environment, app, sharedServer }: OutageReport): string {
  if (sharedServer) return `${environment.server}, ${sharedServer.target.name}, which others used meanwhile`
  return `${environment.server}${app?.isRunning || app?.ownServers ? '' : ', a real one of our own, gone afterwards'}`
}

function sharedFacts({ otherClients, keys: { prefix, removed, left } }: SharedServerReport): Fact[] {
  const others = otherClients === null ? 'all other clients' : formatQuantity(otherClients, 'other client')
  const became =
    removed === null || left === null
      ? 'the server did not answer any more; they go when their time to live is over'
      : `${formatQuantity(removed, 'key')} removed, ${left === 0 ? 'none' : left} left`
  return [
    { label: 'others', text: `${others} had to wait` },
    { label: 'keys', text: `${prefix}: ${became}` },
  ]
}
