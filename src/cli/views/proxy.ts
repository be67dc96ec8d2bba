import type {
  AppliedFault,
  Ending,
  Proxied,
  ProxyReport,
  ProxyStatus,
} from '../../ops/report/proxy-report.js'
import { formatDuration, formatQuantity } from '../../ops/report/format.js'
import { narrowingOf } from '../../ops/report/narrowing.js'

export const NAME_OF: Readonly<Record<Proxied, string>> = {
  redis: 'Redis',
  upstash: 'Upstash',
  supabase: 'Supabase',
}

/** Lines of shell, for an application that is to go through the door. */
export function proxyText({ env, credentialsStay, control }: ProxyReport): string {
  const [[variable = '', value] = []] = Object.entries(env)
  return [
    ...(credentialsStay
      ? [
          `# User and password are not shown: in your own ${variable}, put this host and port in place of its own.`,
        ]
      : []),
    `export ${variable}=${value}`,
    '# For programs that say what is wrong (docs/drills/proxy.md): only you can read the file, and it goes with the proxy.',
    `export CACHE_PROXY_URL=${control.url}`,
    `export CACHE_PROXY_TOKEN_FILE='${control.tokenFile.replaceAll("'", String.raw`'\''`)}'`,
  ].join('\n')
}

/** A letter for each fault; `o` and `q` have a meaning of their own. */
const LETTERS = '123456789abcdefghijklmnprstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

export function keysOf<T>(faults: readonly T[]): Map<string, T> {
  return new Map(faults.slice(0, LETTERS.length).map((fault, at) => [LETTERS[at] as string, fault]))
}

export function keysText(keys: ReadonlyMap<string, { name: string }>): string {
  const width = Math.max(...[...keys.values()].map(({ name }) => name.length)) + 6
  const columns = Math.max(1, Math.floor(78 / width))
  const cells = [...keys].map(([key, { name }]) => `${key}  ${name}`.padEnd(width))
  const lines: string[] = []
  for (let at = 0; at < cells.length; at += columns)
    lines.push(`  ${cells.slice(at, at + columns).join('')}`.trimEnd())
  return ['Keys:', ...lines, '  o  open, nothing is wrong    q  quit'].join('\n')
}

const WHY: Readonly<Record<Ending, string>> = {
  asked: '',
  time: ' as its time is up',
  lease: ' as the program that drove it is not heard of any more',
  replaced: ' for another one',
  closing: ' as the proxy closes',
}

export function faultText({
  name,
  since,
  until,
  narrowing,
}: Omit<AppliedFault, 'number' | 'witness'>): string {
  const of = narrowing ? ` (${narrowingOf(narrowing)})` : ''
  return `${name} is on${of}${until === null ? '' : `, for ${formatDuration(Date.parse(until) - Date.parse(since))}`}.`
}

export function liftedText({
  name,
  since,
  ended,
  ending,
  witness,
}: NonNullable<ProxyStatus['last']>): string {
  const lasted = formatDuration(Date.parse(ended) - Date.parse(since))
  const met = witness.witnessed ? 'met' : 'nobody met it'
  return `${name} is off after ${lasted}${WHY[ending]}; ${met}: ${witness.evidence}.`
}

export function statusText({ fault, openConnections }: ProxyStatus, nowMs: number): string {
  const connections = formatQuantity(openConnections, 'connection')
  if (fault === null) return `open: ${connections}`
  const lasts = Math.max(0, Math.round((nowMs - Date.parse(fault.since)) / 1000))
  return `${fault.name} for ${lasts} s: ${connections}; ${fault.witness.evidence}`
}
