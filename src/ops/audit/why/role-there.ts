import ts from 'typescript'
import type { WhyReport } from '../../report/why-report.js'
import type { RuleContext } from '../rule.js'
import { above } from '../syntax.js'
import { nodesOn } from './named-things.js'

/** Who the code of a line is: of what is declared there, else of what the line stands in. */
export function roleOn(
  file: ts.SourceFile,
  line: number,
  { roles }: RuleContext,
): NonNullable<WhyReport['role']> {
  const nodes = nodesOn(file, line)
  const declared = nodes.find(
    (each) =>
      ts.isFunctionLike(each) ||
      ts.isClassLike(each) ||
      (ts.isVariableDeclaration(each) && above(each, ts.isFunctionLike) === undefined),
  )
  const { role, because } = roles.of(declared ?? nodes[0] ?? innermostAt(file, line))
  return { role, because }
}

/** Where nothing begins: inside of a text, or on an empty line. */
function innermostAt(file: ts.SourceFile, line: number): ts.Node {
  const position = file.getLineStarts()[line - 1] ?? 0
  let node: ts.Node = file
  for (;;) {
    const inner: ts.Node | undefined = ts.forEachChild(node, (child) =>
      child.pos <= position && position < child.end ? child : undefined,
    )
    if (!inner) return node
    node = inner
  }
}
