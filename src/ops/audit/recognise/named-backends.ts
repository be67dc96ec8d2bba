import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, bare, lastName, nameOf } from '../syntax.js'

const CACHE =
  /^_?(?:\w*cache(?:controller|service|manager|client|store|provider|adapter|backend|layer|helper|repository)?|\w*(?:redis|valkey)(?:cache|service|manager|store|provider|adapter|repository|helper)\w*)$/i
const LIMITER = /^_?(?:\w*limiter|\w*throttler|\w*rate_?limit)(?:service|manager|store)?$/i
// What a request, a server object or a container carries: `ctx.redis`, `app.locals.redisClient`.
const CLIENT =
  /^_?(?:(?:cache|session|app|main|shared|io|node)_?)?(?:redis|valkey|upstash)(?:_?(?:client|connection|conn|instance|cluster|db))?$/i
// State of the process or of the browser, and caches of other things than values.
const ANOTHERS =
  /in_?memory|memory|local|lru|query|apollo|swr|image|module|file|disk|browser|http|page|router?|next|weak|map$|react|template|font|require|compil|tsc|buffer|metadata/i
const ASKS =
  /^(?:m?get|get(?:many|all|json|or\w+)|m?set|set(?:many|ex|json)?|put|del|delete|remove|has|wrap|fetch|remember|store|clear|reset|invalidate\w*|expire|ttl|incr\w*|decr\w*)$/i
const COMMANDS =
  /^(?:m?get|getex|getdel|m?set|p?setex|setnx|del|unlink|exists|(?:incr|decr)(?:by)?|p?expire(?:at)?|p?ttl|h(?:get(?:all)?|m?get|m?set|del|incrby)|s(?:add|rem|members|ismember)|z(?:add|rem|range\w*|score|incrby)|[lr](?:push|pop|range|trim)|eval(?:sha)?|scan|keys|flush(?:all|db)|ping|multi|pipeline)$/i
const LIMITS = /^(?:limit|check\w*|consume|hit|is(?:rate)?(?:limited|allowed))$/i

// Servers and containers, by the name that it was put there under.
const HANDS_OUT = /^(?:get|resolve|inject|make|lookup|use)$/

/** What a name can say that a thing is. */
export type Named = 'client' | 'cache' | 'limiter'

/**
 * Clients, caches and limiters that callers know by name alone, as what they are is decided out of sight: parameters
 * without a type, members of `any`, what a container injects. The file must wait for what it asks of a cache, as a Map
 * answers at once; a client must be sent a command.
 */
export class NamedBackends {
  readonly #project: Project
  readonly #sent = new Map<ts.SourceFile, ReadonlySet<string>>()
  readonly #awaited = new Map<ts.SourceFile, ReadonlySet<string>>()

  constructor(project: Project) {
    this.#project = project
  }

  /** What a name stands for; undefined when it is no such name, or when the code says more than the name. */
  of(node: ts.Expression): Named | undefined {
    const expression = bare(node)
    const kind = kindNamed(lastName(expression))
    if (kind !== undefined && this.#isOutOfSight(expression, 0)) {
      const asked =
        kind === 'client' ? this.#sentIn(node.getSourceFile()) : this.#awaitedIn(node.getSourceFile())
      return asked.has(lastName(expression)) ? kind : undefined
    }
    // `cacheController.user.get(token)`: a part of it.
    if (!ts.isPropertyAccessExpression(expression) || kindNamed(lastName(expression.expression)) !== 'cache')
      return undefined
    const isPart = this.#project.declarationOf(expression.name) === undefined
    return isPart ? this.of(expression.expression) : undefined
  }

  #isOutOfSight(node: ts.Expression, depth: number): boolean {
    const expression = bare(node)
    if (depth > 3) return false
    if (!ts.isIdentifier(expression) && !ts.isPropertyAccessExpression(expression)) return false
    const declaration = this.#project.declarationOf(nameOf(expression))
    if (!declaration) return ts.isPropertyAccessExpression(expression)
    if (ts.isImportSpecifier(declaration) || ts.isImportClause(declaration)) return isOwnImport(declaration)
    if (!this.#project.typeOf(expression).isAny && !isUntyped(declaration)) return false
    if (hasAnothersType(declaration)) return false
    if (ts.isVariableDeclaration(declaration)) {
      const value = declaration.initializer && bare(declaration.initializer)
      return value !== undefined && (isHandedOut(value) || this.#isOutOfSight(value, depth + 1))
    }
    return true
  }

  #sentIn(file: ts.SourceFile): ReadonlySet<string> {
    const known = this.#sent.get(file)
    if (known) return known
    const receivers = all(file, ts.isCallExpression).flatMap(({ expression }) => {
      const callee = bare(expression)
      const sends = ts.isPropertyAccessExpression(callee) && COMMANDS.test(callee.name.text)
      return sends ? lastName(bare(callee.expression)) : []
    })
    const found = new Set(receivers)
    this.#sent.set(file, found)
    return found
  }

  #awaitedIn(file: ts.SourceFile): ReadonlySet<string> {
    const known = this.#awaited.get(file)
    if (known) return known
    const found = new Set<string>()
    for (const { expression } of all(file, ts.isCallExpression).filter(isWaitedFor)) {
      const callee = bare(expression)
      if (!ts.isPropertyAccessExpression(callee) || !asks(callee.name.text)) continue
      const receiver = bare(callee.expression)
      found.add(lastName(receiver))
      if (ts.isPropertyAccessExpression(receiver)) found.add(lastName(receiver.expression))
    }
    this.#awaited.set(file, found)
    return found
  }
}

/** Whether a method is one that caches and limiters are asked by. */
export function asks(method: string): boolean {
  return ASKS.test(method) || LIMITS.test(method)
}

function kindNamed(name: string): Named | undefined {
  if (CLIENT.test(name)) return 'client'
  if (ANOTHERS.test(name)) return undefined
  return CACHE.test(name) ? 'cache' : LIMITER.test(name) ? 'limiter' : undefined
}

/** `req.app.get('redis')`, `container.resolve('cacheService')`: what goes by the same name where it is kept. */
function isHandedOut(value: ts.Expression): boolean {
  if (!ts.isCallExpression(value) || !HANDS_OUT.test(lastName(value.expression))) return false
  const [name] = value.arguments
  return name !== undefined && ts.isStringLiteralLike(name) && kindNamed(name.text) !== undefined
}

/** In JavaScript, a default such as `undefined` is all that a parameter says of itself. */
function isUntyped(declaration: ts.Declaration): boolean {
  const isGiven = ts.isParameter(declaration) || ts.isBindingElement(declaration)
  return (
    (isGiven || ts.isPropertyAccessExpression(declaration) || ts.isBinaryExpression(declaration)) &&
    /\.[cm]?jsx?$/.test(declaration.getSourceFile().fileName)
  )
}

function hasAnothersType(declaration: ts.Declaration): boolean {
  const type = 'type' in declaration ? (declaration.type as ts.TypeNode | undefined) : undefined
  return type !== undefined && ANOTHERS.test(type.getText())
}

/** By its path: what a package exports under such a name is the package's. */
export function isOwnImport(declaration: ts.Node): boolean {
  let node = declaration
  while (!ts.isImportDeclaration(node)) node = node.parent
  return ts.isStringLiteral(node.moduleSpecifier) && /^(?:\.|[~@#]?\/)/.test(node.moduleSpecifier.text)
}

function isWaitedFor(call: ts.CallExpression): boolean {
  const { parent } = call
  if (ts.isAwaitExpression(parent)) return true
  return ts.isPropertyAccessExpression(parent) && /^(?:then|catch|finally)$/.test(parent.name.text)
}
