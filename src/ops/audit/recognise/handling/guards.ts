import ts from 'typescript'
import type { Project } from '../../project/project.js'
import { all, lastName, type FunctionNode } from '../../syntax.js'
import { calleeOf } from '../callees.js'

const SAFE =
  /safe|swallow|ignore|catch|attempt|tolerat|settle|fallback|failopen|guard|retry|breaker|^try|^wrap|effect|result/i
/** Gives a function each of its values, and handles nothing. */
export const COLLECTS = /^(?:map|flatMap|forEach|filter|reduce|some|every|find|all|race|any)$/

/** Whether a call handles the failures of the operation that it is given. */
export function isSafe(call: ts.CallExpression, project: Project): boolean {
  const name = lastName(call.expression)
  if (COLLECTS.test(name) || name === 'use') return false
  const callee = calleeOf(call, project)
  return callee ? catches(callee, project) : SAFE.test(chainOf(call.expression))
}

/** As `isSafe`, by the code alone: whoever is only named for it may hand the failure on in another way. */
export function isSafeHere(call: ts.CallExpression, project: Project): boolean {
  const callee = COLLECTS.test(lastName(call.expression)) ? undefined : calleeOf(call, project)
  return callee !== undefined && catches(callee, project)
}

/** `guard.run` of `guard({ … }).run`: what the calls on the way were given says nothing of this one. */
function chainOf(node: ts.Expression): string {
  if (ts.isCallExpression(node)) return chainOf(node.expression)
  return ts.isPropertyAccessExpression(node)
    ? `${chainOf(node.expression)}.${node.name.text}`
    : node.getText()
}

/** Whether a function handles what it runs. */
export function catches({ body, parameters }: FunctionNode, project: Project, depth = 0): boolean {
  if (all(body, ts.isCatchClause).some((each) => !endsInThrow(each))) return true
  const names = new Set(parameters.map(({ name }) => name.getText()))
  return all(body, ts.isCallExpression).some((call) => {
    const name = lastName(call.expression)
    if (name === 'catch' || (name === 'then' && call.arguments.length > 1)) return true
    // It may give the operation to another function of its own.
    const isPassed = call.arguments.some((each) => ts.isIdentifier(each) && names.has(each.text))
    const callee = isPassed && depth < 2 ? calleeOf(call, project) : undefined
    return callee !== undefined && catches(callee, project, depth + 1)
  })
}

/** `@Safe() async get()`. */
export function isSwallowing(node: FunctionNode, { project }: { project: Project }): boolean {
  if (!ts.isMethodDeclaration(node)) return false
  return (ts.getDecorators(node) ?? []).some(({ expression }) => {
    const call = ts.isCallExpression(expression) ? expression : undefined
    const declared = call && calleeOf(call, project)
    return declared ? catches(declared, project) : SAFE.test(lastName(expression))
  })
}

/** A catch clause that throws in turn, whatever it has caught. */
export function endsInThrow({ block }: ts.CatchClause): boolean {
  const last = block.statements.at(-1)
  return last !== undefined && ts.isThrowStatement(last)
}
