import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, bare, functionAt, nameOf } from '../syntax.js'

// Instruments and those who sell them, wherever they stand in `a.b.c()`.
const INSTRUMENT =
  /metric|counter|histogram|gauge|statsd|prom(?:etheus)?(?:client)?$|telemetry|datadog|newrelic|instrument|^meter$|^otel|^tracer$|^span$|activeSpan/i
const INSTRUMENTING =
  /^(?:record|count|track|observe|incr?(?:ement)?|mark)(?:Hit|Miss|Error|Failure|Increment|Decrement|Gauge|Histogram|Distribution|Latency|Timing|Duration|Cache|RateLimit|Metric|Event|Outcome|Stat|Count)|^(?:startActiveSpan|startSpan|withSpan|setAttributes?|onHit|onMiss|cacheHit|cacheMiss|logMetric)/i
const OUTCOME = /hit|miss|error|fail|allowed|denied|blocked|evict|total|count|request|operation|latenc/i
const KEPT =
  /^(?:hits?|miss(?:es)?|errors?|failures?|denied|allowed)$|(?:hit|miss|error|failure)(?:s|es|Count)?$/i

const MAX_DEPTH = 3

/** Whether code records a measurement: a counter, histogram, span or statistic of its own; calls are followed. */
export function measures(root: ts.Node, project: Project, depth = 0): boolean {
  if (all(root, isOwnStatistic).length > 0) return true
  if (
    decoratorsIn(root).some(
      (text) => INSTRUMENT.test(text) || /^(?:Trac|Span|Timed|Measure|Observ)/i.test(text),
    )
  )
    return true
  return all(root, ts.isCallExpression).some((call) => {
    if (isMeasurement(call) || isOnInstrument(call, project)) return true
    const declaration = depth < MAX_DEPTH ? project.declarationOf(nameOf(bare(call.expression))) : undefined
    const callee = declaration && functionAt(declaration)
    return callee !== undefined && !within(call, callee) && measures(callee.body, project, depth + 1)
  })
}

/** A call that records something, by the names in it: the instruments of others are out of sight. */
export function isMeasurement(call: ts.CallExpression): boolean {
  const names = namesOf(call.expression)
  const method = names.at(-1) ?? ''
  if (INSTRUMENTING.test(method)) return true
  const receiver = names.slice(0, -1)
  if (receiver.some((name) => INSTRUMENT.test(name)))
    return !/^(?:create|get|register|listen|start|stop|shutdown|collect|reset)/i.test(method)
  if (/^(?:inc|increment|observe|recordValue)$/.test(method) && receiver.length > 0) return true
  // `hits.add(1)`, `this.misses.add(1, { cache })`
  const isAdd = /^(?:add|record|startTimer|emit|timing)$/.test(method)
  return (
    isAdd && (receiver.some((name) => KEPT.test(name)) || (method === 'emit' && isOutcome(call.arguments[0])))
  )
}

/** `lookups.add(1)`, where `lookups` was made as an instrument, whatever it is called. */
function isOnInstrument({ expression }: ts.CallExpression, project: Project): boolean {
  const callee = bare(expression)
  if (!ts.isPropertyAccessExpression(callee) || !/^(?:add|record|set|inc|observe)$/.test(callee.name.text))
    return false
  const holder = project.declarationOf(nameOf(bare(callee.expression)))
  const isHolder = holder && (ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder))
  const made = isHolder && holder.initializer ? bare(holder.initializer) : undefined
  if (!made || !(ts.isCallExpression(made) || ts.isNewExpression(made))) return false
  return /^(?:create(?:Observable)?)?(?:UpDown)?(?:Counter|Histogram|Gauge|Summary)$/.test(
    namesOf(made.expression).at(-1) ?? '',
  )
}

function isOutcome(node: ts.Expression | undefined): boolean {
  return (
    node !== undefined && ts.isStringLiteralLike(node) && OUTCOME.test(node.text) && node.text !== 'error'
  )
}

/** `this.stats.hits++`, `errors += 1`: somebody can read it. */
export function isOwnStatistic(node: ts.Node): node is ts.Expression {
  const isStep =
    (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) &&
    node.operator === ts.SyntaxKind.PlusPlusToken
  const isSum = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken
  const target = isStep ? node.operand : isSum ? node.left : undefined
  return target !== undefined && ts.isPropertyAccessExpression(target) && KEPT.test(target.name.text)
}

function decoratorsIn(root: ts.Node): string[] {
  return all(root, ts.isDecorator).map(({ expression }) => expression.getText())
}

function within(node: ts.Node, container: ts.Node): boolean {
  return (
    node.getSourceFile() === container.getSourceFile() &&
    node.pos >= container.pos &&
    node.end <= container.end
  )
}

/** The names in `a.b?.c`, from the left. */
export function namesOf(node: ts.Expression): string[] {
  const inner = bare(node)
  if (ts.isIdentifier(inner) || ts.isPrivateIdentifier(inner)) return [inner.text]
  if (ts.isPropertyAccessExpression(inner)) return [...namesOf(inner.expression), inner.name.text]
  if (ts.isCallExpression(inner) || ts.isElementAccessExpression(inner)) return namesOf(inner.expression)
  return []
}
