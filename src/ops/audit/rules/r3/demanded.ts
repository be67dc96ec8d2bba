import ts from 'typescript'
import { moduleName, outermostFunction, nameGivenTo } from '../../recognise/containers.js'
import type { RuleContext } from '../../rule.js'

const IS_JOB = /(?:job|worker|processor|consumer|cron|task)s?$/i
const IS_FOLDER = /^(?:jobs|workers|processors|consumers|crons?|queues)$/i

/** `if (!redis) throw …` of a worker or a job, whose work is in Redis: it fails at once, and no request waits for it. */
export function isDemanded(node: ts.Node, context: RuleContext): boolean {
  return ts.isIfStatement(node) && throws(node.thenStatement) && isJob(node, context)
}

function throws(branch: ts.Statement): boolean {
  const last = ts.isBlock(branch) ? branch.statements.at(-1) : branch
  return last !== undefined && ts.isThrowStatement(last)
}

function isJob(node: ts.Node, { project }: RuleContext): boolean {
  const file = node.getSourceFile()
  const outer = outermostFunction(node)
  const folder = project.pathOf(file).split('/').at(-2) ?? ''
  return (
    IS_JOB.test(outer ? nameGivenTo(outer) : '') || IS_JOB.test(moduleName(file)) || IS_FOLDER.test(folder)
  )
}
