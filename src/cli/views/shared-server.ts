import type { SharedServerReport } from '../../ops/report/drill-report.js'
import { formatQuantity } from '../../ops/report/format.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'

/** Which server it was that is not ours, who had to wait, and what became of the keys. */
export function linesOfShared(
  { target, otherClients, keys }: SharedServerReport,
  server: string,
  terminal: Terminal,
): string[] {
  const name = target.name === target.address ? target.address : `${target.name} (${target.address})`
  const others = otherClients === null ? 'all other clients' : formatQuantity(otherClients, 'other client')
  const { prefix, removed, left } = keys
  const became =
    removed === null || left === null
      ? 'the server did not answer, so nothing was removed; they go when their time to live is over'
      : `${formatQuantity(removed, 'key')} removed, ${left === 0 ? 'none' : left} left`
  return [
    entry('server', `${server}, ${name}, which is not of our own: ${others} had to wait`, terminal),
    entry('keys', `${prefix}: ${became}`, terminal),
  ]
}
