import { nearest } from '../../report/nearest.js'
import { WINDOWS } from '../window.js'
import { badSlo } from './bad-slo.js'
import { belongs, isMetric, METRIC_NAMES, METRICS, type MetricName } from './metrics.js'
import type { MetricReference } from './slo.js'
import type { TokenStream } from './token-stream.js'
import type { Token } from './tokens.js'

/**
 * Reads `during.p99`, `db.qps`, or a phase alone.
 *
 * @param same what a phase alone stands for; undefined where it stands for nothing
 */
export function readMetric(tokens: TokenStream, same: MetricName | undefined): MetricReference {
  const first = tokens.take()
  if (first.text === 'db') return readSource(tokens, first)
  const phase = WINDOWS.find((name) => name === first.text) ?? unknownPhase(tokens, first)
  if (tokens.peek().text !== '.') {
    const metric = same ?? tokens.fail(first, `say which metric of ${phase}, such as ${phase}.p99`)
    return belongs(metric, phase) ? { phase, metric } : elsewhere(tokens, first, metric)
  }
  tokens.take()
  const name = tokens.take()
  const metric = isMetric(name.text) ? name.text : unknownMetric(tokens, name)
  return belongs(metric, phase) ? { phase, metric } : elsewhere(tokens, first, metric)
}

function elsewhere({ slo }: TokenStream, { at, text }: Token, name: MetricName): never {
  const metric = METRICS[name]
  const where = metric.kind === 'moment' ? metric.phase : text
  const suggestions = instead(slo, at, at + text.length, where)
  throw badSlo(slo, at, `${name} is told of ${where} only`, suggestions, 'UNKNOWN_METRIC')
}

/** As everybody writes it: what the source gets while the fault lasts. */
function readSource(tokens: TokenStream, db: Token): MetricReference {
  const name = tokens.peek(1)
  if (tokens.peek().text !== '.' || name.text !== 'qps') {
    const end = tokens.peek().text === '.' ? name.at + name.text.length : db.at + db.text.length
    const what = 'of db there is only db.qps, reads of the source per second'
    throw badSlo(tokens.slo, db.at, what, instead(tokens.slo, db.at, end, 'db.qps'), 'UNKNOWN_METRIC')
  }
  tokens.take()
  tokens.take()
  return { phase: 'during', metric: 'db_qps' }
}

function unknownPhase({ slo }: TokenStream, { at, text }: Token): never {
  const known = `there are ${WINDOWS.join(', ')}`
  const [what, better] = isMetric(text)
    ? [`${text} of which phase; ${known}`, `${belongs(text, 'during') ? 'during' : 'after'}.${text}`]
    : [`there is no phase ${text}; ${known}`, nearest(text, WINDOWS)]
  throw badSlo(slo, at, what, instead(slo, at, at + text.length, better), 'UNKNOWN_PHASE')
}

function unknownMetric({ slo }: TokenStream, { type, at, text }: Token): never {
  const what = type === 'word' ? `there is no metric ${text}` : 'here belongs a metric'
  const better = nearest(text, METRIC_NAMES)
  const suggestions = instead(slo, at, at + text.length, better)
  throw badSlo(slo, at, `${what}; there are ${METRIC_NAMES.join(', ')}`, suggestions, 'UNKNOWN_METRIC')
}

/** The whole SLO with what was probably meant. */
function instead(slo: string, from: number, to: number, better: string | undefined): string[] {
  return better === undefined ? [] : [`--slo '${slo.slice(0, from)}${better}${slo.slice(to)}'`]
}
