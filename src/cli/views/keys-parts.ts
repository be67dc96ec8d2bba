import type { Estimate, TargetReport } from '../../ops/report/keys-report.js'
import { formatBytes, formatCount } from '../../ops/report/format.js'
import { sanitise } from '../sanitise.js'
import type { Terminal } from '../terminal.js'
import { entry, INDENT } from './labelled-lines.js'

/** As `entry`, for what comes from a server: made harmless, and broken even where it has no space, as a key may be long. */
export function paragraph(
  label: string,
  text: string,
  terminal: Terminal,
  paint = terminal.style.dim,
): string {
  const words = sanitise(text)
    .split(' ')
    .flatMap((word) => pieces(word, terminal.width - INDENT))
  return entry(label, words.join(' '), terminal, paint)
}

function pieces(word: string, width: number): string[] {
  const parts: string[] = []
  for (let at = 0; at < word.length; at += width) parts.push(word.slice(at, at + width))
  return parts
}

export function targetLine({ name, address, database, version, role, production }: TargetReport): string {
  const known = name === address ? [address] : [name, address]
  return [
    ...known,
    `db ${database}`,
    version === null ? 'version unknown' : `Redis ${version}`,
    role ?? 'role unknown',
    production ? 'counts as production' : 'not production',
  ].join(', ')
}

/** `31`, `~12,000 ±210`; `≤39` where a sample met none. */
export function formatEstimate({ value, margin }: Estimate): string {
  if (value === 0 && margin > 0) return `≤${formatCount(margin)}`
  return margin === 0 ? formatCount(value) : `~${formatCount(value)} ±${formatCount(margin)}`
}

/** `1.6 MiB`, `~1.6 MiB ±1%`. */
export function formatMemory(bytes: Estimate | null): string {
  if (bytes === null) return '-'
  if (bytes.margin === 0) return formatBytes(bytes.value)
  const percent = bytes.value === 0 ? 0 : Math.ceil((bytes.margin / bytes.value) * 100)
  return `~${formatBytes(bytes.value)} ±${percent}%`
}

/** A lifetime to two digits or three: `0.4s`, `58s`, `12m`, `30h`, `364d`. */
export function formatLifetime(ms: number): string {
  if (ms < 1000) return `${(ms / 1000).toFixed(1)}s`
  // Up to where families are declared, seconds can be compared with the declaration.
  if (ms < 1_000_000) return `${Math.round(ms / 1000)}s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)}m`
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)}h`
  return `${Math.round(ms / 86_400_000)}d`
}
