import ts from 'typescript'
import { limiterCallsIn } from '../recognise/limiter-calls.js'
import type { Rule } from '../rule.js'
import { above, isFunction, isWithin } from '../syntax.js'
import { fateOf } from './r18/heeded.js'

/** R18: whoever asks a limiter goes by the answer. */
export const limiterHeeded: Rule = {
  id: 'R18',
  title: 'the answer of a limiter is heeded',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const { call, name } of limiterCallsIn(file, context)) {
      if (context.roles.of(call).role === 'exempt') continue
      const fate = fateOf(call, context)
      if (fate === 'heeded') {
        yield { node: call, site: 'conforms', what: `the answer of ${name} is used` }
      } else if (!isCountingRefusals(call)) {
        const why =
          fate === 'dropped'
            ? 'nobody looks at its answer'
            : 'only its figures are told, and nothing depends on whether it allowed the call'
        yield {
          node: call,
          message: `${name} counts, and ${why}: every caller is let through, also past the limit, and it shows only when somebody abuses it.`,
          remedy:
            'Refuse when it does not allow the call: `if (!(await limiter.check(id))) return tooManyRequests()`.',
        }
      }
    }
  },
}

const REFUSES =
  /\b4\d\d\b|error|fail|invalid|unauthori[sz]ed|forbidden|denied|incorrect|wrong|mismatch|\bfalse\b|\bnull\b/i

/** Failed attempts are counted where the request is refused anyway; another place asks before the next one. */
function isCountingRefusals(call: ts.CallExpression): boolean {
  const block = above(call, ts.isBlock)
  if (!block || isFunction(block.parent) || !isWithin(call, block)) return false
  const last = block.statements.at(-1)
  if (!last) return false
  return ts.isThrowStatement(last) || (ts.isReturnStatement(last) && REFUSES.test(last.getText()))
}
