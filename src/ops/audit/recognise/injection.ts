import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { all, isAssignment } from '../syntax.js'

/**
 * The uses of what a provider's factory makes, where a container hands it in: `{ provide: TOKEN, useFactory }` and
 * `@Inject(TOKEN) client`, also by the field that keeps it.
 */
export function injectedUses(factory: ts.Node, context: RuleContext): ts.Node[] {
  const token = tokenOf(factory)
  if (token === undefined) return []
  return context.project.sources
    .filter(({ text }) => text.includes('Inject('))
    .flatMap((file) => all(file, ts.isParameter))
    .filter((parameter) => injectsToken(parameter, token))
    .flatMap((parameter) => usesOf(parameter, context))
}

function tokenOf(factory: ts.Node): string | undefined {
  const member = ts.isMethodDeclaration(factory) ? factory : factory.parent
  if (!member || (!ts.isPropertyAssignment(member) && !ts.isMethodDeclaration(member))) return undefined
  if (!/^use\w*Factory$/.test(member.name.getText()) || !ts.isObjectLiteralExpression(member.parent))
    return undefined
  const provide = member.parent.properties.find(
    (each) => ts.isPropertyAssignment(each) && each.name.getText() === 'provide',
  )
  return provide && ts.isPropertyAssignment(provide) ? textOf(provide.initializer) : undefined
}

function injectsToken(parameter: ts.ParameterDeclaration, token: string): boolean {
  return (ts.getDecorators(parameter) ?? []).some(
    ({ expression }) =>
      ts.isCallExpression(expression) &&
      expression.expression.getText().startsWith('Inject') &&
      expression.arguments[0] !== undefined &&
      textOf(expression.arguments[0]) === token,
  )
}

/** One token, in whatever quotes. */
function textOf(node: ts.Expression): string {
  return ts.isStringLiteralLike(node) ? node.text : node.getText()
}

function usesOf(parameter: ts.ParameterDeclaration, { references, project }: RuleContext): ts.Node[] {
  const uses = references.to(parameter)
  const fields = all(parameter.parent, isAssignment).flatMap(({ left, right }) =>
    uses.some((use) => use === right) && ts.isPropertyAccessExpression(left)
      ? (project.declarationOf(left.name) ?? [])
      : [],
  )
  const kept = fields.flatMap((field) => references.to(field as ts.NamedDeclaration))
  return [...uses, ...kept].map((use) =>
    ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use,
  )
}
