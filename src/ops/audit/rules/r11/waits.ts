import type { Wait } from '../../../client-options/time-to-fallback.js'

/** Waits of a client whose major version the code does not say, as `10.5 s on ioredis 5, 71 to 75 s on ioredis 6`. */
export function describeWaits(waits: readonly { client: string; wait: Wait }[]): string {
  const texts = waits.map(({ client, wait }) => ({ client, text: describeWait(wait) }))
  const [first] = texts
  if (first && texts.every(({ text }) => text === first.text)) return first.text
  return texts.map(({ client, text }) => `${text} on ${client}`).join(', ')
}

function describeWait({ firstMs, worstMs }: Wait): string {
  if (firstMs === null || worstMs === null) return 'for ever'
  const [least, most] = firstMs.map(inSeconds) as [string, string]
  if (worstMs === 0) return 'no time'
  const range = least === most ? least : `${least} to ${most}`
  const worst = inSeconds(worstMs)
  return worst === most ? `${range} s` : `${range} s and later up to ${worst} s`
}

function inSeconds(ms: number): string {
  return String(ms >= 20_000 ? Math.round(ms / 1000) : Math.round(ms / 100) / 10)
}
