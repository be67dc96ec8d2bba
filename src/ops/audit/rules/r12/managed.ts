import ts from 'typescript'
import { exemptionOf } from '../../recognise/exemptions.js'
import { packageAt } from '../../recognise/packages.js'
import type { RuleContext, Violation } from '../../rule.js'
import { all, bare, isNull } from '../../syntax.js'

const OF_MANAGER = /^(?:cache-manager|@nestjs\/cache-manager)$/
const REGISTERS =
  /CacheModule|CacheOptions|caching\(|createCache|createKeyv|redisStore|ioRedisStore|RedisStore\(/
const GIVES_DEFAULT = /\b(?:default)?ttl\b/i

/** `cacheManager.set(key, value)`, where no default is configured either: over Redis it is there for ever. */
export function* unendingManaged(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const { call, method, receiver } of context.operations.in(file)) {
    if (method !== 'set' || !isOfManager(receiver, context) || exemptionOf(call, context.project)) continue
    if (call.arguments.some(ts.isSpreadElement) || call.arguments.length < 2) continue
    const ttl = call.arguments[2]
    const isNone = ttl !== undefined && (isNull(bare(ttl)) || bare(ttl).getText() === '0')
    if ((ttl !== undefined && !isNone) || (!isNone && hasDefault(context))) continue
    yield {
      node: call,
      message:
        'This write gives its key no TTL, and no default is configured: over Redis it is there for ever, stale when its invalidation is lost in an outage.',
      remedy: 'Give the write a TTL, or the cache a default, `{ ttl }` where it is registered.',
    }
  }
}

function isOfManager(receiver: ts.Expression, { project }: RuleContext): boolean {
  return project
    .typeOf(receiver)
    .declarations.some((each) => OF_MANAGER.test(packageAt(each.getSourceFile().fileName) ?? ''))
}

/** Where the cache is configured a TTL is spoken of; where no such place is in sight, there may be one. */
function hasDefault({ project }: RuleContext): boolean {
  const places = project.sources.filter((each) => !each.isDeclarationFile && registers(each))
  return places.length === 0 || places.some(({ text }) => GIVES_DEFAULT.test(text))
}

function registers(file: ts.SourceFile): boolean {
  return (
    REGISTERS.test(file.text) &&
    /cache-manager|keyv/.test(file.text) &&
    all(file, ts.isCallExpression).some(
      ({ expression, arguments: args }) => REGISTERS.test(`${expression.getText()}(`) && args.length > 0,
    )
  )
}
