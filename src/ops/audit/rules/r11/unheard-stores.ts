import ts from 'typescript'
import { bindingOf } from '../../recognise/bindings.js'
import { holderOf } from '../../recognise/clients.js'
import { isHeardAt, receiverOf } from '../../recognise/listening.js'
import type { RuleContext, Violation } from '../../rule.js'
import { all, isMaking } from '../../syntax.js'

/** A Keyv over Redis whose errors nobody hears. */
export function* unheardStores(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const node of all(file, isMaking)) {
    const binding = bindingOf(node.expression, context.project)
    if (binding === undefined || !/^@keyv\/(?:redis|valkey)$/.test(binding.package)) continue
    const isStore = ts.isNewExpression(node) || binding.name === 'createKeyv'
    if (!isStore || isHeard(node, context) !== false) continue
    yield {
      node,
      message:
        'This store has no error listener: in an outage Keyv answers every read as a miss and every write as done, and neither log nor metric says that Redis is gone.',
      remedy:
        "Attach one to the Keyv over it, `keyv.on('error', …)`, that counts and logs the first failure.",
    }
  }
}

/** Undefined where the store goes out of sight before anybody listens. */
function isHeard(node: ts.Expression, context: RuleContext, depth = 0): boolean | undefined {
  if (isHeardAt(node, context)) return true
  if (depth > 3) return undefined
  const around = keyvAround(node, context)
  if (around) return isHeard(around, context, depth + 1)
  if (isListed(node)) return listensToLists(context)
  const holder = holderOf(node, context)
  if (!holder) return undefined
  const heard = context.references.to(holder).map((use) => ofUse(receiverOf(use), context, depth))
  if (heard.includes(true)) return true
  return heard.includes(undefined) ? undefined : false
}

function ofUse(use: ts.Node, context: RuleContext, depth: number): boolean | undefined {
  if (isHeardAt(use, context)) return true
  const { parent } = use
  if (ts.isPropertyAccessExpression(parent) && parent.expression === use) return false
  const isGiven = keyvAround(use, context) !== undefined || isListed(use)
  return isGiven ? isHeard(use as ts.Expression, context, depth + 1) : undefined
}

/** `new Keyv(store)`, `new Keyv({ store })`. */
function keyvAround(node: ts.Node, { project }: RuleContext): ts.NewExpression | undefined {
  const isOption =
    (ts.isPropertyAssignment(node.parent) || ts.isShorthandPropertyAssignment(node.parent)) &&
    node.parent.name.getText() === 'store'
  const argument = isOption ? node.parent.parent : node
  const made = argument.parent
  if (!ts.isNewExpression(made) || made.expression === argument) return undefined
  return bindingOf(made.expression, project)?.package === 'keyv' ? made : undefined
}

/** `stores: [keyv]` of cache-manager. */
function isListed({ parent }: ts.Node): boolean {
  if (!ts.isArrayLiteralExpression(parent)) return false
  return ts.isPropertyAssignment(parent.parent) && parent.parent.name.getText() === 'stores'
}

/** `cache.stores[0].on('error', …)`, by whatever name the store goes there. */
function listensToLists({ project }: RuleContext): boolean {
  return project.sources.some(({ text }) => /\bstores\b/.test(text) && /\.on\(\s*['"]error['"]/.test(text))
}
