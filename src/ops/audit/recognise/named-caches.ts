import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, bare, lastName, nameOf } from '../syntax.js'

const CACHE =
  /^_?(?:\w*cache(?:controller|service|manager|client|store|provider|adapter|backend|layer|helper|repository)?|\w*(?:redis|valkey)(?:cache|service|manager|store|provider|adapter|repository|helper)\w*)$/i
const LIMITER = /^_?(?:\w*rate_?limiter|limiter|\w*throttler)(?:service|manager|store)?$/i
// State of the process or of the browser, and caches of other things than values.
const ANOTHERS =
  /in_?memory|memory|local|lru|query|apollo|swr|image|module|file|disk|browser|http|page|router?|next|weak|map$|react|template|font|require|compil|tsc|buffer|metadata/i
// What a framework carries for all handlers: `req.app.locals.redis`, `fastify.redis`, `global.redisClient`.
const CLIENT = /^(?:redis|valkey)(?:_?client)?$/i
const CARRIERS = /^(?:req|request|ctx|context|c|app|server|fastify|global|globalThis)\b/
const ASKS =
  /^(?:m?get|get(?:many|all|json|or\w+)|m?set|set(?:many|ex|json)?|put|del|delete|remove|has|wrap|fetch|remember|store|clear|reset|invalidate\w*|expire|ttl|incr\w*|decr\w*)$/i
const LIMITS = /^(?:limit|check\w*|consume|hit|is(?:rate)?(?:limited|allowed))$/i

/**
 * Caches and limiters that callers know by name alone, as what they are is decided out of sight: parameters without a
 * type, members of `any`, what a container injects. The file must wait for what it asks of one: a Map answers at once.
 */
export class NamedCaches {
  readonly #project: Project
  readonly #awaited = new Map<ts.SourceFile, ReadonlySet<string>>()

  constructor(project: Project) {
    this.#project = project
  }

  /** What a name stands for; undefined when it is no such name, or when the code says more than the name. */
  of(node: ts.Expression): 'cache' | 'limiter' | undefined {
    const expression = bare(node)
    const kind = kindNamed(lastName(expression)) ?? this.#carried(expression)
    if (kind !== undefined && this.#isOutOfSight(expression, 0)) {
      return this.#awaitedIn(node.getSourceFile()).has(lastName(expression)) ? kind : undefined
    }
    // `cacheController.user.get(token)`: a part of it.
    if (!ts.isPropertyAccessExpression(expression) || kindNamed(lastName(expression.expression)) !== 'cache')
      return undefined
    const isPart = this.#project.declarationOf(expression.name) === undefined
    return isPart ? this.of(expression.expression) : undefined
  }

  #carried(expression: ts.Expression): 'cache' | undefined {
    if (!CLIENT.test(lastName(expression))) return undefined
    if (ts.isPropertyAccessExpression(expression))
      return CARRIERS.test(expression.getText()) ? 'cache' : undefined
    const declaration = ts.isIdentifier(expression) ? this.#project.declarationOf(expression) : undefined
    const source = declaration && ts.isBindingElement(declaration) ? declaration.parent.parent : undefined
    const isCarried = source && ts.isVariableDeclaration(source) && source.initializer
    return isCarried && CARRIERS.test(isCarried.getText()) ? 'cache' : undefined
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
    if (ts.isVariableDeclaration(declaration))
      return declaration.initializer !== undefined && this.#isOutOfSight(declaration.initializer, depth + 1)
    return true
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

function kindNamed(name: string): 'cache' | 'limiter' | undefined {
  if (ANOTHERS.test(name)) return undefined
  return CACHE.test(name) ? 'cache' : LIMITER.test(name) ? 'limiter' : undefined
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
function isOwnImport(declaration: ts.Node): boolean {
  let node = declaration
  while (!ts.isImportDeclaration(node)) node = node.parent
  return ts.isStringLiteral(node.moduleSpecifier) && /^(?:\.|[~@#]?\/)/.test(node.moduleSpecifier.text)
}

function isWaitedFor(call: ts.CallExpression): boolean {
  const { parent } = call
  if (ts.isAwaitExpression(parent)) return true
  return ts.isPropertyAccessExpression(parent) && /^(?:then|catch|finally)$/.test(parent.name.text)
}
