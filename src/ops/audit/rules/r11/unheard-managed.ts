import ts from 'typescript'
import { bindingOf } from '../../recognise/bindings.js'
import type { RuleContext, Violation } from '../../rule.js'
import { all, bare, lastName } from '../../syntax.js'

// Stores of cache-manager that open a connection of their own.
const OPENS =
  /^(?:cache-manager-(?:redis(?:-yet|-store)?|ioredis(?:-yet|-store)?)|@tirke\/node-cache-manager-(?:io)?redis)$/
// What is given a connection leaves listening to whoever made it.
const IS_GIVEN = /redisInstance|InsStore\b/

/** A store of cache-manager whose connection nobody listens to: `store: await redisStore({ … })`, `store: redisStore`. */
export function* unheardManaged(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const property of all(file, ts.isPropertyAssignment)) {
    if (!/^stores?$/.test(property.name.getText())) continue
    const store = madeBy(bare(property.initializer), context)
    if (!store || IS_GIVEN.test(property.parent.getText()) || listensToStores(file)) continue
    yield {
      node: property,
      message:
        'This store opens a connection and has no error listener: in an outage its errors end the process or are lost, and neither log nor metric says that Redis is gone.',
      remedy:
        "Attach one to its client, `store.client.on('error', …)`, that counts and logs the first failure; or give it a connection that has one.",
    }
  }
}

/** The name that makes it, called or handed over. */
function madeBy(value: ts.Expression, context: RuleContext): ts.Expression | undefined {
  const maker = ts.isCallExpression(value) ? bare(value.expression) : value
  // `redisStore.create(options)`
  const named =
    ts.isPropertyAccessExpression(maker) && lastName(maker) === 'create' ? maker.expression : maker
  const binding = bindingOf(named, context.project)
  return binding && OPENS.test(binding.package) ? named : undefined
}

/** `store.client.on('error', …)`, `cache.store.getClient().on('error', …)`. */
function listensToStores(file: ts.SourceFile): boolean {
  return /\.(?:on|once|addListener)\(\s*['"]error['"]/.test(file.text)
}
