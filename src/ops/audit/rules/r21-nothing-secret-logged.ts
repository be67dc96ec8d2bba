import type ts from 'typescript'
import { logCallsIn, toldBy } from '../recognise/log-calls.js'
import type { Rule } from '../rule.js'
import { loggedErrorsIn, type LoggedErrors } from './r21/client-errors.js'
import { secretIn } from './r21/secrets.js'

/** R21: logs show neither credentials nor what a client had in hand when it failed. */
export const nothingSecretLogged: Rule = {
  id: 'R21',
  title: 'URLs, options and errors of a client are not logged raw',
  severity: 'warn',
  confidence: 'medium',
  *check(file, context) {
    const reported = new Set<ts.Node>()
    for (const call of logCallsIn(file)) {
      const secret = toldBy(call)
        .map((told) => secretIn(told, context))
        .find((each) => each !== undefined)
      if (!secret) continue
      reported.add(call)
      yield {
        node: call,
        message: `This line writes ${secret.what} into the log, on every start and every reconnect: whoever reads the logs can read and empty the cache.`,
        remedy: 'Log the host and port alone, such as `new URL(url).host`.',
        ...(secret.isCertain && { severity: 'error' as const }),
        confidence: 'high',
      }
    }
    for (const errors of loggedErrorsIn(file, context)) {
      const [first, ...more] = errors.lines.filter((line) => !reported.has(line))
      if (!first) continue
      const related = more.map((node) => ({ node, what: 'and here' }))
      yield { node: first, ...textOf(errors), related }
    }
  },
}

function textOf({ family, isListener }: LoggedErrors): { message: string; remedy: string } {
  if (family === 'upstash') {
    return {
      message:
        'The text of an Upstash error ends with the whole command: in an outage every write that fails puts its key and value into the log.',
      remedy: 'Log what was attempted and `error.name`, not the error and not its message.',
    }
  }
  return {
    message: isListener
      ? 'An ioredis error carries the command that failed with its arguments: when a login is refused, this line writes the password into the log.'
      : 'An ioredis error carries the command that failed with its arguments: in an outage this line writes keys, values and, on a refused login, the password into the log.',
    remedy: 'Log `error.message` (or `error.name` and `error.code`), not the error itself.',
  }
}
