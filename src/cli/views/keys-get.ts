import type { GetKeyReport } from '../../ops/report/get-key-report.js'
import { formatBytes, formatDuration, formatQuantity } from '../../ops/report/format.js'
import { sanitise } from '../sanitise.js'
import type { Terminal } from '../terminal.js'
import { paragraph, targetLine } from './keys-parts.js'

const MAX_SHOWN = 4096

/** One key, one line per fact. Quiet: whether it is there. */
export function getKeyText(report: GetKeyReport, terminal: Terminal): string {
  const ending = report.exists
    ? paragraph('ok', 'there it is', terminal, terminal.style.good)
    : paragraph('skip', 'nothing is there under this key', terminal, terminal.style.caution)
  if (terminal.quiet) return ending
  const facts = [...factsOf(report), ...report.notes.map((note): [string, string] => ['warn', note])]
  const shown = report.value?.text
  return [
    ...facts.map(([label, text]) =>
      paragraph(label, text, terminal, label === 'warn' ? terminal.style.caution : terminal.style.dim),
    ),
    ...(shown === undefined ? [] : ['', valueOf(shown)]),
    '',
    ending,
  ].join('\n')
}

function factsOf(report: GetKeyReport): [string, string][] {
  const { target, key, family, parameters, type, ttl, memoryBytes, length, value } = report
  const named = Object.entries(parameters).map(([name, masked]) => `${name} ${masked}`)
  const facts: [string, string][] = [
    ['target', targetLine(target)],
    ['key', key],
    ['family', family === null ? 'none' : [family, ...named].join(', ')],
  ]
  if (!ttl || !value) return facts
  const unit = value.kind === 'collection' ? formatQuantity(length ?? 0, 'item') : formatBytes(length ?? 0)
  const memory = memoryBytes === null ? '' : `, ${formatBytes(memoryBytes)} of memory`
  const declared =
    ttl.declaredSeconds === null ? '' : ` (declared ${formatDuration(ttl.declaredSeconds * 1000)})`
  const left = ttl.remainingMs === null ? 'does not expire' : `expires in ${formatDuration(ttl.remainingMs)}`
  const hint =
    value.text === undefined && ['json', 'text', 'binary', 'broken', 'limiter'].includes(value.kind)
      ? '; --show-value prints it'
      : ''
  facts.push(
    ['type', `${type}, ${length === null ? 'length unknown' : unit}${memory}`],
    ['ttl', `${left}${declared}`],
    ['value', `${value.summary}${hint}`],
  )
  return facts
}

function valueOf(text: string): string {
  const line = sanitise(text)
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)} … (--json has more)` : line
}
