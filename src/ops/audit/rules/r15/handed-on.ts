import ts from 'typescript'
import type { RuleContext } from '../../rule.js'
import { all, bare, functionAt, lastName, nameOf } from '../../syntax.js'

/** What a call gives to a function of ours that runs scripts: `run(client, SCRIPT, keys, values)`. */
export interface HandedOn {
  call: ts.CallExpression
  script: ts.Expression
  /** The list of its arguments. */
  values: ts.Expression
}

const NAMES_SCRIPT = /[sS]cript|SCRIPT|[lL]ua|LUA|^[A-Z][A-Z\d_]+$/

/** The calls in a file of functions that hand a script and its arguments on to the client. */
export function handedOnIn(file: ts.SourceFile, { project }: RuleContext): HandedOn[] {
  return all(file, ts.isCallExpression).flatMap((call): HandedOn[] => {
    const at = call.arguments.findIndex((each) => NAMES_SCRIPT.test(lastName(bare(each))))
    // Commands of a client have no body that could be read.
    const declaration = at < 0 ? undefined : project.declarationOf(nameOf(bare(call.expression)))
    const helper = declaration && functionAt(declaration)
    if (!helper) return []
    const parameters = helper.parameters.map(({ name }) => name.getText())
    const run = all(helper.body, ts.isCallExpression).find(
      (each) =>
        /^(?:eval|fcall)/i.test(lastName(each.expression)) && each.arguments[0]?.getText() === parameters[at],
    )
    const given = run && valuesOf(run)
    const values = given && call.arguments[parameters.indexOf(given.getText())]
    return values ? [{ call, script: call.arguments[at]!, values }] : []
  })
}

/** The list that a script gets: `…keys, ...values`, `keys, values`, or `{ keys, arguments: values }`. */
function valuesOf({ arguments: args }: ts.CallExpression): ts.Expression | undefined {
  const last = args.at(-1)
  if (!last || args.length < 2) return undefined
  if (ts.isSpreadElement(last)) return bare(last.expression)
  const value = bare(last)
  if (!ts.isObjectLiteralExpression(value)) return value
  const member = value.properties.find((each) => each.name?.getText() === 'arguments')
  return member && ts.isPropertyAssignment(member) ? bare(member.initializer) : undefined
}
