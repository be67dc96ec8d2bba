import type ts from 'typescript'
import { commandsIn, type Command } from '../recognise/commands.js'
import { conditionsOf } from '../recognise/conditions.js'
import { isOperatorCode } from '../recognise/operator-code.js'
import type { Rule, RuleContext, Violation } from '../rule.js'
import { bare } from '../syntax.js'
import { growsWithoutBound } from './r17/growth.js'

/** R17: no command whose work grows with the whole database, or with a collection that nobody bounds. */
export const boundedCommands: Rule = {
  id: 'R17',
  title: 'no command that works through everything at once',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    if (isOperatorCode(file, context)) return
    for (const command of commandsIn(file, context)) {
      const violation = violationOf(command, context)
      if (violation && !isOutsideProduction(command.call)) yield violation
    }
  },
}

function violationOf(command: Command, context: RuleContext): Violation | undefined {
  if (command.name === 'keys') return isKeys(command) ? ofKeys(command) : undefined
  if (!isRedis(command)) return undefined
  if (command.name.startsWith('flush')) return ofFlush(command)
  return growsWithoutBound(command, context) ? ofCollection(command) : undefined
}

function isRedis({ on }: Command): boolean {
  return on === 'client' || on === 'named'
}

/** With an argument: `keys()` of a Map has none. A pattern says that it is Redis, whatever the types say. */
function isKeys(command: Command): boolean {
  const [pattern] = command.args
  if (!pattern) return false
  if (isRedis(command)) return true
  return command.on === undefined && /^(['"`])[^]*\*[^]*\1$/.test(bare(pattern).getText())
}

function ofKeys({ call, on }: Command): Violation {
  return {
    node: call,
    message:
      '`KEYS` goes through every key of the database in one go: Redis answers nobody meanwhile, and all other callers run into their deadlines together.',
    remedy:
      'Iterate with `SCAN` and a `COUNT` (`scanStream`, `scanIterator`), or keep an index of the keys that must be found.',
    ...(on !== 'client' && { confidence: 'medium' }),
  }
}

function ofFlush({ call, name, on }: Command): Violation {
  return {
    node: call,
    message: `\`${name.toUpperCase()}\` removes everything, not only what this code wrote: limits, sessions and jobs of others are gone, and the database gets the load of every cache at once.`,
    remedy:
      'Remove by prefix, with `SCAN` and `UNLINK`, or put a version into the prefix and raise it; `cache keys purge` does it with an undo.',
    ...(on !== 'client' && { confidence: 'medium' }),
  }
}

function ofCollection({ call, name }: Command): Violation {
  return {
    node: call,
    message: `\`${name.toUpperCase()}\` fetches a collection that grows with every entry and that nothing bounds: the call takes longer with each, blocks Redis for all others, and misses its deadline first when Redis is slow.`,
    remedy: `Iterate with \`${name === 'smembers' ? 'SSCAN' : 'HSCAN'}\`, ask for the members that are needed, or bound the collection where it is written.`,
    severity: 'warn',
    confidence: 'low',
  }
}

const ENVIRONMENT = /NODE_ENV|APP_ENV|VITEST|JEST|\bis(?:Test|Dev|Local|Prod)|production|__DEV__/i

/** Behind a question for the environment: in tests and on a developer's machine there is nobody to harm. */
function isOutsideProduction(node: ts.Node): boolean {
  return conditionsOf(node).some((each) => ENVIRONMENT.test(each.getText()))
}
