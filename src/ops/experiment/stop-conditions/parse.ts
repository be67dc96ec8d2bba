import { parseDuration } from '../../config/duration.js'
import { UsageError } from '../../report/errors.js'
import { nearest } from '../../report/nearest.js'
import { METRICS, type Metric, type StopCondition, type Unit } from './stop-condition.js'

const EXAMPLE = "--abort-if '5xx > 2% for 3s'"
const SHAPE = /^(\S+?)\s*(>=|>|<=|<|==|=|!=)\s*(\S.*?)(?:\s+for\s+(\S.*))?$/
const QUANTITY = /^(\d+(?:\.\d+)?)\s*([a-z%]*)$/i
const MAX_LENGTH = 200
const MAX_FOR_MS = 600_000

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
}
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000 }

/**
 * Reads what `--abort-if` says: `5xx > 2% for 3s`, `errors > 50`, `p99 > 500ms for 2s`, `pending > 200`, `rss > 1gb`.
 *
 * @throws UsageError that names the part which is wrong
 */
export function parseStopCondition(written: string): StopCondition {
  const text = written.trim().replace(/\s+/g, ' ')
  if (text.length > MAX_LENGTH)
    throw bad(`${text.slice(0, 40)}…`, `it is longer than ${MAX_LENGTH} characters`)
  const [, name, comparator = '', quantity, duration] = SHAPE.exec(text) ?? []
  if (name === undefined || quantity === undefined)
    throw bad(text, 'it is not of the form METRIC > LIMIT, with for TIME or without')
  const metric = metricOf(name, text)
  if (comparator !== '>' && comparator !== '>=')
    throw bad(text, `${comparator} does not say what is too much: write > or >=`)
  const { limit, unit } = limitOf(metric, quantity, text)
  return { text, metric, orEqual: comparator === '>=', limit, unit, forMs: spanOf(duration, text) }
}

function metricOf(name: string, text: string): Metric {
  const metric = METRICS.find((each) => each === name.toLowerCase())
  if (metric) return metric
  const meant = nearest(name, METRICS)
  throw bad(text, `there is no ${JSON.stringify(name)} to measure; there are ${METRICS.join(', ')}`, meant)
}

function limitOf(metric: Metric, quantity: string, text: string): { limit: number; unit: Unit } {
  const [, digits, suffix = ''] = QUANTITY.exec(quantity) ?? []
  if (digits === undefined) throw bad(text, `${JSON.stringify(quantity)} is no number with a unit`)
  const number = Number(digits)
  const { unit, factor, units } = unitOf(metric, suffix.toLowerCase())
  if (factor === undefined)
    throw bad(text, `${metric} is given ${units}, and not as ${JSON.stringify(quantity)}`)
  if (unit === '%' && number > 100) throw bad(text, `${quantity} is more than all`)
  const limit = number * factor
  if (limit > Number.MAX_SAFE_INTEGER) throw bad(text, `${quantity} is too large`)
  return { limit, unit }
}

function unitOf(metric: Metric, suffix: string): { unit: Unit; factor: number | undefined; units: string } {
  switch (metric) {
    case '5xx':
    case 'errors':
      return {
        unit: suffix === '%' ? '%' : 'count',
        factor: ['', '%'].includes(suffix) ? 1 : undefined,
        units: 'in % or as a number',
      }
    case 'pending':
      return { unit: 'count', factor: suffix === '' ? 1 : undefined, units: 'as a number' }
    case 'rss':
      return { unit: 'bytes', factor: own(BYTES, suffix), units: 'in kb, mb or gb' }
    default:
      return { unit: 'ms', factor: own(MILLISECONDS, suffix), units: 'in ms or s' }
  }
}

function spanOf(duration: string | undefined, text: string): number {
  if (duration === undefined) return 0
  const forMs = parseDuration(duration)
  if (forMs !== null && forMs > 0 && forMs <= MAX_FOR_MS) return forMs
  throw bad(text, `${JSON.stringify(duration)} is no time up to 10m, such as 3s or 500ms`)
}

function own(table: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function bad(text: string, why: string, meant?: string): UsageError {
  const ways = [EXAMPLE, "or 'errors > 50', 'p99 > 500ms for 2s', 'pending > 200', 'rss > 1gb'"]
  return new UsageError(
    'BAD_STOP_CONDITION',
    `The stop condition ${JSON.stringify(text)} cannot be used: ${why}.`,
    [...(meant === undefined ? [] : [`${meant}, if that was meant`]), ...ways],
  )
}
