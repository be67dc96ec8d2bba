import ts from 'typescript'
import { bindingOf } from '../../recognise/bindings.js'
import { settingsOf } from '../../recognise/client-settings.js'
import { packageAt } from '../../recognise/packages.js'
import type { RuleContext, Violation } from '../../rule.js'
import { all, bare } from '../../syntax.js'

const OTHER_CLIENTS = new Set<string | undefined>(['ioredis', 'iovalkey', 'redis', '@redis/client', 'valkey'])

/** Limiters of @upstash/ratelimit that were given something else than a client of @upstash/redis. */
export function* ratelimitsIn(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const node of all(file, ts.isNewExpression)) {
    if (bindingOf(node.expression, context.project)?.package !== '@upstash/ratelimit') continue
    const redis = settingsOf(node.arguments ?? [], context).values.get('redis')
    if (!redis) continue
    const given = ts.isArrayLiteralExpression(redis) ? redis.elements : [redis]
    const what = given.map((each) => mistakenFor(each, context)).find((each) => each !== undefined)
    if (what === undefined) continue
    const isHere = redis.getSourceFile() === file
    yield {
      node: isHere ? redis.parent : node,
      message: `This limiter was given ${what}: every check throws, and where that is caught the limiter lets everything through, or nothing, with Redis in the best of health.`,
      remedy: 'Give it a client: `redis: new Redis({ url, token })` of @upstash/redis.',
    }
  }
}

function mistakenFor(node: ts.Expression, { project }: RuleContext): string | undefined {
  let value = bare(node)
  const declaration = ts.isIdentifier(value) ? project.declarationOf(value) : undefined
  if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer)
    value = bare(declaration.initializer)
  if (ts.isObjectLiteralExpression(value)) return isAdapter(value) ? undefined : 'options instead of a client'
  const [from] = project
    .typeOf(node)
    .awaited()
    .declarations.map((each) => packageAt(each.getSourceFile().fileName))
    .filter((each) => OTHER_CLIENTS.has(each))
  return from === undefined
    ? undefined
    : `a client of ${from}, which takes the arguments of a script differently`
}

/** It has the command that the limiter runs, or may have it. */
function isAdapter({ properties }: ts.ObjectLiteralExpression): boolean {
  return properties.some((each) => ts.isSpreadAssignment(each) || each.name.getText().startsWith('eval'))
}
