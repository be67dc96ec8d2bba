import ts from 'typescript'
import type { Project } from '../project/project.js'
import { hasModifier, isFunction } from '../syntax.js'

/** What declares methods: a class, an interface, or the type that an alias stands for. */
export type Shaped = ts.ClassLikeDeclaration | ts.InterfaceDeclaration | ts.TypeLiteralNode

// `items`, `JSON`, …: what a cache of one's own says that it gets and sets.
const THING = '(?:item|value|key|json|data|entry|object|string|many|all|cached?|async)'
const READ = new RegExp(`^(?:m?get|hm?get|hgetall|get${THING}|getfromcache|read|fetch|lookup|retrieve)$`, 'i')
const WRITE = new RegExp(
  `^(?:m?set|hm?set|put|p?setex|set${THING}|setex|set(?:with|in|to)\\w+|write|save|store)$`,
  'i',
)
const CACHE_NAME = /cache|redis|valkey|kv|keyvalue/i
const OTHER_CACHE = /options|config|entry|params|props|keys?$|stats|metrics|event/i

/** Whether a name is that of a cache, and not of what belongs to one. */
export function namesCache(name: string): boolean {
  return CACHE_NAME.test(name) && !OTHER_CACHE.test(name)
}

/** Asynchronous get and set, by these names or, in what is named for a cache, by such as `getItem` and `setItem`. */
export function isCacheShaped(node: Shaped, project: Project): boolean {
  const name = nameOfShape(node)
  // An interface holds nothing: its name alone says what the methods ask.
  if (!ts.isClassLike(node) && !namesCache(name)) return false
  // A stand-in asks for nothing, and so may take no key.
  return readersOf(methods(node), name).some((each) => isAsynchronous(each, project))
}

/** The functions that read, if these are the functions of a cache: `get` beside `set`, or their like where the name says so. */
export function readersOf<T>(members: ReadonlyMap<string, T>, name: string): T[] {
  const get = members.get('get')
  if (get !== undefined && (members.has('set') || members.has('put'))) return [get]
  if (!namesCache(name) || ![...members.keys()].some((each) => WRITE.test(each))) return []
  return [...members].flatMap(([each, value]) => (READ.test(each) ? [value] : []))
}

// `UserCache`, `redis_service`: not what only deals with one, as `CacheInterceptor` does.
const IS_CACHE =
  /(?:cache|redis|valkey)_?(?:service|manager|client|store|provider|adapter|repository|helper|layer|backend)?(?:impl)?$/i
const READS_ONE = /^(?:m?get|hget|fetch|find|load|read|lookup|retrieve|is|has|list)(?![a-z])/

/** A class that is named for a cache and has methods of its own words: `SessionCache { getSession(id), … }`. */
export function isCacheByName(node: ts.ClassLikeDeclaration, project: Project): boolean {
  if (!IS_CACHE.test(nameOfShape(node))) return false
  return [...methods(node)].some(([name, each]) => READS_ONE.test(name) && answersLater(each, project))
}

// `RateLimitStore`, `throttle_service`: not what only deals with one, as `RateLimitGuard` does.
const IS_LIMITER =
  /(?:(?<!de)limiter|rate_?limit(?:s|ing)?|throttl(?:e|er|ing))(?:service|manager|backend|store|storage|provider|repository|engine|adapter|client)?(?:impl)?$/i
const NAMES_RATE = /rate_?limit|throttl/i

/** A class or interface that is named for a limiter and has methods of its own words: `Limiter { bump(request) }`. */
export function isLimiterByName(node: Shaped, project: Project): boolean {
  const name = nameOfShape(node)
  if (!IS_LIMITER.test(name)) return false
  // An interface holds nothing; one that takes a task limits how many run at once.
  if (!ts.isClassLike(node) && !NAMES_RATE.test(name)) return false
  return [...methods(node).values()].some((each) => answersLater(each, project) && !takesTask(each))
}

function takesTask({ parameters: [first] }: ts.SignatureDeclaration): boolean {
  return first?.type !== undefined && ts.isFunctionTypeNode(first.type)
}

/** About something, and asynchronously. */
function answersLater(each: ts.SignatureDeclaration, project: Project): boolean {
  return each.parameters.length > 0 && isAsynchronous(each, project)
}

function isAsynchronous(each: ts.SignatureDeclaration, project: Project): boolean {
  return hasModifier(each, ts.SyntaxKind.AsyncKeyword) || project.returnTypeOf(each).isPromise
}

/** The methods of a class or type by their names, also those that are fields with a function. */
export function methods(node: Shaped): Map<string, ts.SignatureDeclaration> {
  const found = new Map<string, ts.SignatureDeclaration>()
  for (const member of node.members) {
    if (ts.isMethodDeclaration(member) || ts.isMethodSignature(member))
      found.set(member.name.getText(), member)
    if (ts.isPropertyDeclaration(member) && member.initializer && isFunction(member.initializer))
      found.set(member.name.getText(), member.initializer)
    if (ts.isPropertySignature(member) && member.type && ts.isFunctionTypeNode(member.type))
      found.set(member.name.getText(), member.type)
  }
  return found
}

/** The name that a class, an interface or an alias gives it; of a type that stands where it is used, that of what has it. */
export function nameOfShape(node: Shaped): string {
  if (!ts.isTypeLiteralNode(node)) return node.name?.text ?? ''
  let each: ts.Node = node.parent
  while (ts.isUnionTypeNode(each) || ts.isParenthesizedTypeNode(each)) each = each.parent
  return isNamedHolder(each) && ts.isIdentifier(each.name) ? each.name.text : ''
}

function isNamedHolder(node: ts.Node): node is ts.NamedDeclaration & { name: ts.Node } {
  return (
    ts.isTypeAliasDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isVariableDeclaration(node)
  )
}
