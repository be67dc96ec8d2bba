import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, lastName } from '../syntax.js'
import { containersOf, moduleName, outermostFunction } from './containers.js'
import type { Operation } from './direct-operations.js'
import { PAIRS, WORDS, type Exemption } from './exempt-words.js'
import { isOperated, isTrial } from './operated.js'
import { countsUses, hasSessionsElsewhere } from './second-home.js'
import { wordsOf } from './words.js'

export type { Exemption } from './exempt-words.js'

// `destroyRoom(roomId)`: one of many ends, and the service goes on.
const ENDS_ONE = /^(?:destroy|dispose|terminate)/
const ONE = /(?:id|key|name)$/i

// `acquireOwnership`, `claimWebhook`: without an answer nobody may go on.
const CLAIMS = /^_?(?:acquire|claim|tryAcquire|tryClaim)(?![a-z])/
const LIMITS = /limit|throttl|quota/i
const LOCKS = /^(?:un)?lock$|^mutex$|^semaphore$|^lease$/
const NAMES_CHANNEL = /pub_?sub|publisher|subscriber|channel|event|message/i
const TALKS =
  /\b(?:\w*[pP]ublish\w*|\w*[sS]ubscribe\w*|emit\w*|broadcast\w*|x[aA]dd|postMessage|[rl][pP]ush|send\w*)\s*\(/
// Who asks whether a connection works wants to hear that it does not.
const TESTS = /^(?:test|check|verify|validate|probe|ping|assert)$/
const TESTED = /^(?:connection|connections|connectivity)$/

// Sessions live nowhere else, unless somebody says that they are cached.
const SESSION = new Set(['session', 'sessions'])
const RELATES = /^(?:for|by|of|from|with)$/
const SCRIPT = /\/(?:scripts?|seeds?|seeder|migrations?|codemods?)\//i
// `{ ttl: IDEMPOTENCY_TTL }`: whatever the key is called, it says that something was done.
const ONCE = /(?:^|_)IDEMPOTEN(?:CY|T)_/
const STREAMS =
  /^(?:s?publish|[ps]?s?ubscribe|p?unsubscribe|x(?:add|read|readgroup|ack|group|claim|autoclaim|pending|len|trim|del|range|revrange|info)(?:buffer)?|bl(?:pop|move)|br(?:pop|poplpush)|rpoplpush|pubsub)$/i
const PROBES = /^(?:ping|info|role|dbsize|memory|client|config|latency|slowlog)$/i

/** The exemption that names give: of the functions, classes and objects around a node, then of its module. */
export function exemptionOf(
  node: ts.Node,
  project: Project,
): { exemption: Exemption; because: string } | undefined {
  const file = node.getSourceFile()
  for (const { name, node: container } of containersOf(node)) {
    const words = wordsOf(name)
    if (isOnlySession(words) && hasSessionsElsewhere(file)) continue
    const exemption = ofWords(words)
    if (exemption === 'a shutdown' && ENDS_ONE.test(name) && isAboutOne(container)) continue
    if (exemption === 'publish and subscribe' && isOtherwiseMeant(name, container)) continue
    if (exemption !== undefined && !ts.isObjectLiteralExpression(container))
      return { exemption, because: `${name} is ${exemption}` }
    if (CLAIMS.test(name) && ts.isFunctionLike(container) && !isOfLimiter(node))
      return { exemption: 'a lock', because: `${name} says who comes first` }
  }
  const module = moduleName(file)
  const path = project.pathOf(file).split('/').slice(-4, -1).join('/')
  const isOfSessions = isOnlySession(wordsOf(module))
  const isOther = isOfSessions && (hasSessionsElsewhere(file) || countsUses(node))
  const exemption = isOther ? undefined : ofModule(module, path)
  if (exemption !== undefined) return { exemption, because: `its module is ${exemption}` }
  if (isTrial(file, project)) return { exemption: 'a health probe', because: 'it tries whether Redis works' }
  return SCRIPT.test(project.pathOf(file))
    ? { exemption: 'a script that is run by hand', because: 'it is in a directory of scripts' }
    : undefined
}

/** `publishPost`, `subscribeToNewsletter`: nothing in it goes to a channel. */
function isOtherwiseMeant(name: string, container: ts.Node): boolean {
  const body = ts.isFunctionLike(container) && 'body' in container ? container.body : undefined
  return body !== undefined && !NAMES_CHANNEL.test(name) && !TALKS.test((body as ts.Node).getText())
}

function isOfLimiter(node: ts.Node): boolean {
  return (
    LIMITS.test(moduleName(node.getSourceFile())) || containersOf(node).some(({ name }) => LIMITS.test(name))
  )
}

function isAboutOne(container: ts.Node): boolean {
  return (
    ts.isFunctionLike(container) &&
    container.parameters.some(({ name }) => ts.isIdentifier(name) && ONE.test(name.text))
  )
}

/** The exemption that an operation itself gives: what it sends, and under which key. */
export function exemptionOfOperation(
  { call, method, receiver }: Operation,
  project: Project,
): Exemption | undefined {
  if (STREAMS.test(method)) return 'publish and subscribe'
  if (PROBES.test(method)) return 'a health probe'
  if (isOperated(call, method, project)) return 'a script that is run by hand'
  const [key] = call.arguments
  if (key === undefined || ts.isFunctionLike(key)) return undefined
  const words = wordsOf(textsIn(key).join(' '))
  // A session that is asked of a cache has its home elsewhere.
  const isCached = wordsOf(receiver.getText()).some((word) => /^cached?$/.test(word))
  const own =
    isCached || hasSessionsElsewhere(call.getSourceFile())
      ? words.filter((word) => !SESSION.has(word))
      : words
  const isOnce = call.arguments.some((each) => constantsIn(each).some((name) => ONCE.test(name)))
  if (isOnce) return 'a primary store'
  return ofPrimary(own) ?? (words.some((word) => LOCKS.test(word)) ? 'a lock' : undefined)
}

/** The literal parts of a key, the functions that build it, and the same of the constant that it is. */
function textsIn(key: ts.Node): string[] {
  if (ts.isIdentifier(key)) {
    const scope = outermostFunction(key) ?? key.getSourceFile()
    const value = all(scope, ts.isVariableDeclaration).find(
      ({ name }) => name.getText() === key.text,
    )?.initializer
    return [key.text, ...(value && !ts.isIdentifier(value) ? textsIn(value) : [])]
  }
  const literals = all(key, isText).map(({ text }) => text)
  // `${LOGIN_CODE_PREFIX}${email}`: what the key is about is in the name of its prefix.
  return [
    ...literals,
    ...constantsIn(key),
    ...all(key, ts.isCallExpression).map((call) => lastName(call.expression)),
  ]
}

function constantsIn(node: ts.Node): string[] {
  const names = all(node, ts.isIdentifier).map(({ text }) => text)
  return names.filter((text) => /^[A-Z][A-Z\d]*_[A-Z\d_]+$/.test(text))
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
}

function ofModule(module: string, path: string): Exemption | undefined {
  const words = wordsOf(module)
  const own = ofWords(words)
  // A module about queues may hold anything that its jobs need.
  if (own !== undefined && own !== 'a queue') return own
  return /^(?:index|route|handler|controller)$/.test(module) || words.includes('check')
    ? wordsOf(path).some((word) => WORDS[0]![1].has(word))
      ? 'a health probe'
      : undefined
    : undefined
}

/** A primary store for the sake of this one word. */
function isOnlySession(words: readonly string[]): boolean {
  return ofPrimary(words) !== undefined && ofPrimary(words.filter((word) => !SESSION.has(word))) === undefined
}

function ofWords(words: readonly string[]): Exemption | undefined {
  const primary = ofPrimary(words)
  if (primary !== undefined) return primary
  if (words.includes('cache') || words.includes('cached')) return undefined
  if (words.some((word) => TESTS.test(word)) && TESTED.test(words.at(-1) ?? '')) return 'a health probe'
  return WORDS.find(([, set]) => words.some((word) => set.has(word)))?.[0]
}

function ofPrimary(words: readonly string[]): Exemption | undefined {
  if (words.some((word) => /^(?:limit(?:er)?|rate|ratelimit(?:er)?)$/.test(word))) return undefined
  // The state of a login is no copy of anything, whatever it is called: `consumeCachedOAuthState`.
  const isPair = PAIRS.some(([a, b]) => words.some((word, at) => word === a && words[at + 1] === b))
  if (isPair) return 'a primary store'
  if (words.some((word) => /^cached?$/.test(word))) return undefined
  // `userOfSession` is about users.
  const at = words.findIndex((word, index) => index > 0 && RELATES.test(word))
  const isPrimary =
    words.some((word) => WORDS.at(-1)![1].has(word)) ||
    words.slice(0, at < 0 ? words.length : at).some((word) => SESSION.has(word))
  return isPrimary ? 'a primary store' : undefined
}
