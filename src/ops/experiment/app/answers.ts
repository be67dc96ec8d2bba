import { plainText } from '../plain-text.js'
import type { Answer } from './exchange.js'
import { probeName, type Expectation, type Place, type Probe } from '../../config/probes/probe.js'

/** What is wrong with an answer, in one sentence; null when it is as expected. */
export function problemOf(probe: Probe, answer: Answer): string | null {
  const { statuses, contains }: Expectation = probe.expect
  if (!hasStatus(answer, statuses)) {
    return `${probeName(probe)} answered ${answer.status}, expected ${statuses.join(' or ')}`
  }
  if (contains !== undefined && !answer.body.includes(contains)) {
    return `${probeName(probe)} answered ${answer.status} without ${JSON.stringify(plainText(contains))} in its body`
  }
  return null
}

export function hasStatus({ status }: Pick<Answer, 'status'>, statuses: readonly string[]): boolean {
  const text = String(status)
  return statuses.some((each) => (each.endsWith('xx') ? text[0] === each[0] : text === each))
}

/** What stands at a place of an answer, whatever it is, as text; null when nothing is there. */
export function contentAt(place: Place, answer: Answer): string | null {
  if (!('json' in place)) return valueAt(place, answer)
  return JSON.stringify(jsonAt(place.json, answer)) ?? null
}

/** The value at a place of an answer; null when nothing is there. */
export function valueAt(place: Place, answer: Answer): string | null {
  if ('header' in place) {
    const value = answer.headers[place.header.toLowerCase()]
    return value === undefined ? null : String(value)
  }
  if ('match' in place) return new RegExp(place.match).exec(answer.body)?.[1] ?? null
  const value = jsonAt(place.json, answer)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null
}

function jsonAt(path: string, { body }: Answer): unknown {
  try {
    let value: unknown = JSON.parse(body)
    for (const part of path.split('.').filter(Boolean)) {
      value =
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined
    }
    return value
  } catch {
    return undefined
  }
}
