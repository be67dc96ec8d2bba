import ts from 'typescript'
import type { RuleContext } from '../../rule.js'
import { all, isFunction, type FunctionNode } from '../../syntax.js'
import { bindingOf } from '../bindings.js'
import { settingsOf } from '../client-settings.js'
import { callsOf } from './callers.js'
import { commandsIn, keysOf, type Command } from './commands.js'
import { isOutOfSight, textOf, type Bindings, type Speller, type Spelling } from './spelling.js'
import { ttlOf } from './written-ttl.js'

/** A key that code gives to a command. */
export interface UsedKey {
  /** Where it is spelt: a call of the wrapper that sends the command, or the command itself. */
  node: ts.Node
  command: string
  access: Command['access']
  spelling: Spelling
  /** Null where none stands in the code, or not as a number. */
  ttlSeconds: number | null
}

const MOST_CALLERS = 200
const PREFIXED: Record<string, string> = {
  '@upstash/ratelimit': 'prefix',
  'rate-limiter-flexible': 'keyPrefix',
}

/** The keys that a file uses, and those that other files use through its functions. */
export function* usedKeysIn(file: ts.SourceFile, context: RuleContext, speller: Speller): Generator<UsedKey> {
  for (const command of commandsIn(file, context.receivers)) {
    const ttl = ttlOf(command, context.project)
    const ttlSeconds = ttl.is === 'given' ? ttl.seconds : null
    const prefix = prefixOf(command.client, context, speller)
    for (const key of keysOf(command)) {
      for (const { node, spelling } of spelt(key, command.call, context, speller)) {
        yield {
          node,
          command: command.name,
          access: command.access,
          spelling: [...prefix, ...spelling],
          ttlSeconds,
        }
      }
    }
  }
  yield* limiterKeys(file, context, speller)
}

/** A key with a part that only callers know is theirs: it is spelt there. */
function* spelt(
  key: ts.Expression,
  at: ts.Node,
  context: RuleContext,
  speller: Speller,
): Generator<{ node: ts.Node; spelling: Spelling }> {
  const own = speller.of(key)
  const texts = new Set(own.map(textOf))
  let isSpeltByCallers = false
  if (own.some((each) => each.includes(null))) {
    for (const { call, bindings } of callersOf(at, context, speller).slice(0, MOST_CALLERS)) {
      for (const spelling of speller.of(key, bindings)) {
        if (texts.has(textOf(spelling)) || isOutOfSight(spelling)) continue
        isSpeltByCallers = true
        yield { node: call, spelling }
      }
    }
  }
  if (!isSpeltByCallers) for (const spelling of own) yield { node: at, spelling }
}

/** Calls in sight of the functions around a node, and what they give. */
function callersOf(
  at: ts.Node,
  context: RuleContext,
  speller: Speller,
  depth = 0,
): { call: ts.CallExpression; bindings: Bindings }[] {
  return functionsAround(at).flatMap((callee) =>
    callsOf(callee, context.references).flatMap((call) => {
      const direct = [{ call, bindings: speller.bind(callee, call) }]
      const outer = depth < 1 ? callersOf(call, context, speller, depth + 1) : []
      return [
        ...direct,
        ...outer.map((each) => ({ call: each.call, bindings: speller.bind(callee, call, each.bindings) })),
      ]
    }),
  )
}

function functionsAround(node: ts.Node): FunctionNode[] {
  const found: FunctionNode[] = []
  for (let each: ts.Node | undefined = node; each !== undefined; each = each.parent) {
    if (isFunction(each) && each.parameters.length > 0) found.push(each)
  }
  return found
}

/** `keyPrefix` of the client, where it is made in sight. */
export function prefixOf(client: ts.Expression, context: RuleContext, speller: Speller): Spelling {
  const name = ts.isPropertyAccessExpression(client) ? client.name : client
  const declaration = context.project.declarationOf(name)
  const made = declaration && all(declaration, ts.isNewExpression)[0]
  const prefix = made && settingsOf(made.arguments ?? [], context).values.get('keyPrefix')
  return prefix ? (speller.of(prefix)[0] ?? []) : []
}

/** `new Ratelimit({ prefix: 'app:limit' })` counts under keys of its own. */
function* limiterKeys(file: ts.SourceFile, context: RuleContext, speller: Speller): Generator<UsedKey> {
  for (const made of all(file, ts.isNewExpression)) {
    const binding = bindingOf(made.expression, context.project)
    const option = binding && PREFIXED[binding.package]
    const prefix = option && settingsOf(made.arguments ?? [], context).values.get(option)
    if (!prefix) continue
    for (const spelling of speller.of(prefix)) {
      const whole = [...spelling, ':', null]
      yield { node: made, command: 'limit', access: 'write', spelling: whole, ttlSeconds: null }
    }
  }
}
