import ts from 'typescript'
import { specifierLoadedBy } from '../../load-calls.js'
import { failureReaches } from '../../recognise/handling/failure-reach.js'
import type { Handler } from '../../recognise/handling/handling.js'
import { isBacked } from '../../recognise/kinds.js'
import { mentions } from '../../recognise/outage-paths.js'
import { packageOf } from '../../recognise/packages.js'
import { isTold } from '../../recognise/told.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, all, inPlaceOf, isAssignment, isFunction, isMaking, lastName } from '../../syntax.js'
import { firstIn } from './of-service.js'

// To ask what each call of each try block gives would take the time.
const NAMES_ONE = /redis|valkey|upstash|cache|limit|throttl|keyv|\bkv\b|store|client|queue|worker/i
const NAMES_MODULE = /redis|valkey|upstash|cache|(?:rate-?)?limit(?:er)?|keyv|(?:^|\W)kv(?:\W|$)/i

const OF_A_CLASS = /^(?:fromEnv|create|connect|init|open|build|fromUrl)$/

const MAKES = /^(?:make|create|build|init|set_?up|open|connect|start|load|new|from|configure|duplicate)/i

/** Hides that a client, cache or limiter could not be made or loaded: it is missing for good then, not for an outage. */
export function silentMaking(handler: Handler, context: RuleContext): Violation | undefined {
  const { guarded, node, body } = handler
  if (!NAMES_ONE.test(guarded.getText())) return undefined
  const made = all(guarded, isMaking).find(
    (each) =>
      failureReaches(each, guarded, context.project) && !isInFunction(each, guarded) && isMade(each, context),
  )
  if (!made || isTold(handler, context.project) || isThrownLater(handler)) return undefined
  return {
    node: firstIn(body) ?? node,
    message:
      'This handler hides that what asks Redis could not be made or loaded: the service runs without it from then on, and neither log nor metric says so.',
    remedy: 'Log it once, at `error`, where it is made; better still let the service fail to start.',
    related: [{ node: made, what: 'fails here' }],
  }
}

/** `this.#cause = error`, which another method throws. */
function isThrownLater({ body, error }: Handler): boolean {
  const holder = body && error ? above(body, ts.isClassLike) : undefined
  if (!body || !error || !holder) return false
  const kept = all(body, isAssignment)
    .filter(({ right }) => mentions(right, error))
    .map(({ left }) => left.getText())
  return all(holder, ts.isThrowStatement).some((each) => kept.some((field) => each.getText().includes(field)))
}

/** `{ get: () => redis.get(key) }`: what runs later fails later. */
function isInFunction(node: ts.Node, guarded: ts.Node): boolean {
  for (let each = node; each !== guarded && each.parent !== undefined; each = each.parent)
    if (isFunction(each)) return true
  return false
}

function isMade(node: ts.CallExpression | ts.NewExpression, context: RuleContext): boolean {
  const module = specifierLoadedBy(node)?.text
  if (module !== undefined) return isGivenWhole(node) && isOfCaching(module, node, context)
  const name = lastName(node.expression)
  // What only gives out what is there already fails where that is made; `Redis.fromEnv()` says of what.
  if (
    !NAMES_ONE.test(OF_A_CLASS.test(name) ? node.expression.getText() : name) ||
    (ts.isCallExpression(node) && !MAKES.test(name))
  )
    return false
  return context.products.of(node).some(({ kind }) => isBacked(kind) || kind === 'queue')
}

/** Of what is taken out of a module, it is asked what that is. */
function isGivenWhole(load: ts.Node): boolean {
  const { parent } = inPlaceOf(load)
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name)
  return !ts.isPropertyAccessExpression(parent) || isChained(parent)
}

/** `import('x').catch(…)`. */
function isChained({ name }: ts.PropertyAccessExpression): boolean {
  return /^(?:then|catch|finally)$/.test(name.text)
}

function isOfCaching(name: string, node: ts.Node, { project }: RuleContext): boolean {
  if (!NAMES_MODULE.test(name)) return false
  if (packageOf(name) !== undefined) return true
  const found = project.leadsTo(name, node.getSourceFile().fileName)
  return typeof found !== 'string' && 'file' in found
}
