import type { Fact, PageOrigin } from '../page.js'

/** When it was, as far as somebody knows. */
export function originFacts({ startedAt, endedAt, tool }: PageOrigin): Fact[] {
  const when = [startedAt, endedAt].filter((each) => each !== undefined).map(timeText)
  return [
    ...(when.length === 0 ? [] : [{ label: 'when', text: `${when.join(' to ')} (UTC)` }]),
    ...(tool === undefined ? [] : [{ label: 'with', text: tool }]),
  ]
}

/** `2026-11-29 02:06:46`, as everybody reads it. */
function timeText(iso: string): string {
  return iso.replace('T', ' ').replace(/(?:\.\d+)?Z$/, '')
}

/** Where a page comes from, for its last line. */
export function closingOf({ tool = 'transparent-cache' }: PageOrigin): string {
  return `Written by ${tool}. This file loads nothing and asks for nothing; all of it is here without a script, too.`
}
