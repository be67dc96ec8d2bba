import { optionalStoresOf } from '../../recognise/optional-stores.js'
import type { RuleContext, Violation } from '../../rule.js'
import { symbolOf, type FunctionNode } from '../../syntax.js'
import { isForTests } from './declared-choice.js'
import { REMEDY } from './remedy.js'

/** Settings of a session or limiter middleware that get a store only where Redis is there. */
export function* storeSettings(node: FunctionNode, context: RuleContext): Generator<Violation> {
  for (const branch of optionalStoresOf(node, context)) {
    if (isForTests(branch.thenStatement, node)) continue
    yield {
      node: branch.elseStatement ?? branch.expression,
      message: `${symbolOf(node) || 'This function'} gives out settings without a store when Redis is not there: what is made with them keeps its state in the memory of each process, which no other instance knows and a restart forgets.`,
      remedy: `Give them a store over the Redis that all instances share, always. ${REMEDY}`,
    }
  }
}
