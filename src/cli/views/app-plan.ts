import type { AppPlanReport } from '../../ops/report/drill-report.js'
import { formatQuantity } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'

/** What is drilled where that is an app, what it is asked, and which servers are taken away from it. */
export function linesOfApp(
  { command, ready, probes, variables, isRunning, ownServers }: AppPlanReport,
  ratePerSecond: number,
  terminal: Terminal,
): string[] {
  const asked = `${probes.join(', ')}; ${formatQuantity(ratePerSecond, 'request')}/s, whether or not earlier ones are answered`
  return [
    entry(
      'app',
      isRunning
        ? `${ready}, which runs already`
        : `${command}, ready at ${ready}, started anew for each drill`,
      terminal,
    ),
    entry('probes', asked, terminal),
    ...(isRunning ? [] : [entry('doors', `in place of ${variables.join(', ')}`, terminal)]),
    ...(ownServers ? linesOfServers(ownServers, terminal) : []),
  ]
}

function linesOfServers({ servers }: NonNullable<AppPlanReport['ownServers']>, terminal: Terminal): string[] {
  return [
    ...servers.map(({ variables, name, host, port, production, hasDoor }) => {
      const address = `${host}:${port}`
      const place = name === address ? address : `${name}, ${address}`
      const rank = production ? 'confirmed' : 'not production'
      return entry(
        'target',
        `${variables.join(', ')}: ${place} (${rank})${hasDoor ? '' : '; without a door'}`,
        terminal,
      )
    }),
    entry(
      'writes',
      'none by cache itself; what the app writes for probes stays, for as long as the app has said',
      terminal,
    ),
  ]
}
