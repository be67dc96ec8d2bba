import ts from 'typescript'
import { asksForBackend } from '../../recognise/availability.js'
import { specifierLoadedBy } from '../../load-calls.js'
import { bindingOf } from '../../recognise/bindings.js'
import { storeOptionOf } from '../../recognise/packages.js'
import type { Judgement, RuleContext } from '../../rule.js'
import { bare, functionAt, isNull, lastName, own } from '../../syntax.js'
import { REMEDY } from './remedy.js'

/** A middleware without a store keeps its state in the process, and says so nowhere. */
export function* ofMiddleware(call: ts.CallExpression, context: RuleContext): Generator<Judgement> {
  const found = middlewareAt(call, context)
  if (!found) return
  const { name, option, options } = found
  const state = stateOf(options, option, context)
  if (state === 'shared')
    yield {
      node: call,
      site: 'conforms',
      what: `${name} keeps its state in the \`${option}\` that it is given`,
    }
  if (state === 'shared' || state === 'unread') return
  const when = state === 'own' ? `without \`${option}\`` : `without Redis has no \`${option}\` and`
  yield {
    node: call,
    message: `${name} ${when} keeps its state in the memory of each process: with n instances a limit is n times what it says, what one instance knows is unknown to the others, and a restart forgets it.`,
    remedy: `Give it a \`${option}\` over the Redis that all instances share, always. ${REMEDY}`,
  }
}

/** The call that makes the middleware, or `app.register(plugin, options)`. */
function middlewareAt(
  call: ts.CallExpression,
  { project }: RuleContext,
): { name: string; option: string; options: ts.Expression | undefined } | undefined {
  const optionOf = (node: ts.Expression): string | undefined => {
    const binding = bindingOf(node, project)
    return binding && storeOptionOf(binding.package, binding.name)
  }
  const [plugin, options] = call.arguments
  const option = optionOf(call.expression)
  if (option !== undefined) {
    const isDeferred = lastName(call.expression).endsWith('Async')
    const given = isDeferred ? ofFactory(plugin) : plugin
    return isDeferred && !given ? undefined : { name: nameOfMaker(call.expression), option, options: given }
  }
  const isRegistered = plugin && /^(?:register|use)$/.test(lastName(call.expression))
  const given = isRegistered ? optionOf(loadedBy(plugin)) : undefined
  return given === undefined ? undefined : { name: nameOfPlugin(plugin!), option: given, options }
}

/** `register(import('…'), options)`, `register(await import('…'), options)`. */
function loadedBy(plugin: ts.Expression): ts.Expression {
  const value = bare(plugin)
  return ts.isAwaitExpression(value) ? bare(value.expression) : value
}

function nameOfPlugin(plugin: ts.Expression): string {
  const value = loadedBy(plugin)
  return specifierLoadedBy(value)?.text ?? lastName(value)
}

/** `ThrottlerModule` of `ThrottlerModule.forRoot`. */
function nameOfMaker(node: ts.Expression): string {
  const maker = bare(node)
  return ts.isPropertyAccessExpression(maker) && /^for(?:Root|Feature)/.test(maker.name.text)
    ? lastName(maker.expression)
    : lastName(maker)
}

/** What a container gives the module: the only answer of `useFactory`. */
function ofFactory(given: ts.Expression | undefined): ts.Expression | undefined {
  const options = given && bare(given)
  if (!options || !ts.isObjectLiteralExpression(options)) return undefined
  const factory = options.properties.find(({ name }) => name?.getText() === 'useFactory')
  const maker = factory && functionAt(factory)
  if (!maker) return undefined
  if (!ts.isBlock(maker.body)) return maker.body as ts.Expression
  const [answer, ...others] = own(maker.body, ts.isReturnStatement)
  return others.length > 0 ? undefined : answer?.expression
}

/** `shared`: over something that it is given. `own`: certainly not. `either`: only where Redis is there. `unread`: not told here. */
type State = 'shared' | 'own' | 'either' | 'unread'

function stateOf(options: ts.Expression | undefined, option: string, context: RuleContext): State {
  if (!options) return 'own'
  let value = bare(options)
  const declaration = ts.isIdentifier(value) ? context.project.declarationOf(value) : undefined
  if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer)
    value = bare(declaration.initializer)
  // A list of limits alone.
  if (ts.isArrayLiteralExpression(value)) return 'own'
  if (!ts.isObjectLiteralExpression(value)) return hasNo(option, value, context) ? 'own' : 'unread'
  let state: State = 'own'
  for (const property of value.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = ofSpread(property.expression, option, context)
      if (spread !== 'own') state = spread
    } else if (property.name?.getText().replaceAll(/['"]/g, '') === option) {
      state = ofValue(ts.isPropertyAssignment(property) ? property.initializer : property.name, context)
    }
  }
  return state
}

/** `...(redis && { store })`, `...(redis ? { store } : {})`. */
function ofSpread(node: ts.Expression, option: string, context: RuleContext): State {
  const spread = bare(node)
  if (ts.isConditionalExpression(spread)) {
    const arms = [spread.whenTrue, spread.whenFalse].map((arm) => ofSpread(arm, option, context))
    if (arms.every((arm) => arm === 'own')) return 'own'
    const isChoice = arms.includes('own') && asksForBackend(spread.condition, context.products)
    return isChoice ? 'either' : 'unread'
  }
  if (ts.isBinaryExpression(spread)) {
    const inner = ofSpread(spread.right, option, context)
    return inner === 'own' || !asksForBackend(spread.left, context.products) ? inner : 'either'
  }
  if (!ts.isObjectLiteralExpression(spread)) return hasNo(option, spread, context) ? 'own' : 'unread'
  return stateOf(spread, option, context)
}

/** Settings of a type of the project's own, which lists them all: `{ windowMs: number; max: number }`. */
function hasNo(option: string, settings: ts.Expression, { project }: RuleContext): boolean {
  const { isAny, declarations } = project.typeOf(settings)
  const [declaration, ...others] = declarations
  if (isAny || others.length > 0 || !declaration) return false
  if (!ts.isInterfaceDeclaration(declaration) && !ts.isTypeLiteralNode(declaration)) return false
  if (ts.isInterfaceDeclaration(declaration) && declaration.heritageClauses) return false
  const names = declaration.members.map(({ name }) => name?.getText() ?? option)
  return names.length > 0 && !names.includes(option) && names.some((name) => OF_LIMIT.test(name))
}

const OF_LIMIT = /^(?:max|limit|windowMs|timeWindow|ttl|points|duration|delayAfter|secret|cookie)$/

function ofValue(node: ts.Node, context: RuleContext): State {
  if (!ts.isExpression(node)) return 'shared'
  const value = bare(node)
  if (isNull(value)) return 'own'
  if (ts.isConditionalExpression(value) && !asksForBackend(value.condition, context.products))
    return isLeftOut(value) ? 'either' : 'shared'
  const made = context.products.of(value)
  if (made.length > 0 && made.every(({ kind }) => kind === 'memory')) return 'own'
  const isPartly = made.some(({ kind }) => kind === 'null' || kind === 'memory')
  const isMade = made.some(({ kind }) => kind !== 'null' && kind !== 'other')
  // A client or store that may be nothing; of what is nothing known, nothing is said.
  return isPartly && isMade ? 'either' : 'shared'
}

/** `settings.redis.enabled ? new RedisStore(…) : undefined`: a setting of Redis; one of the environment is somebody's choice. */
function isLeftOut({ condition, whenTrue, whenFalse }: ts.ConditionalExpression): boolean {
  const isNothing = [whenTrue, whenFalse].some((arm) => isNull(bare(arm)))
  return (
    isNothing &&
    /redis|valkey|upstash|cache/i.test(condition.getText()) &&
    !/===|!==/.test(condition.getText())
  )
}
