import type { Terminal } from './terminal.js'

/** Under `--ascii` our own signs are spelt out, and of untrusted text only what is ASCII stays. */
export function inAscii(text: string, { ascii }: Terminal): string {
  if (!ascii) return text
  const spelt = text.replaceAll('±', '+-').replaceAll('≤', '<=').replaceAll('…', '...').replaceAll('’', "'")
  return spelt.replace(/[\u0080-\uFFFF]/g, '?')
}
