import ts from 'typescript'
import { absencesIn, type Absence } from '../../recognise/absences.js'
import { constructionsIn } from '../../recognise/clients.js'
import { tells } from '../../recognise/telling.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, all, bare, isFunction, isNull, isWithin, nameOf, own } from '../../syntax.js'

/**
 * Whoever makes the client also knows that there is none. If neither the place that makes it nor one that does without
 * it ever says so, the service runs without Redis from its start, and nobody knows.
 */
export function* silentAbsences(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  const { project, operations } = context
  const holders = new Set<ts.Node | undefined>(constructionsIn(file, context).map(({ holder }) => holder))
  holders.delete(undefined)
  if (holders.size === 0) return
  const byHolder = new Map<ts.Node, Absence[]>()
  for (const node of [file, ...all(file, isFunction)]) {
    for (const absence of absencesIn(ts.isSourceFile(node) ? node : node.body, context)) {
      // What a name stands for is told where it is declared.
      if (!isWithin(absence.tested, absence.node)) continue
      const holder = project.declarationOf(nameOf(absence.tested))
      if (holder && holders.has(holder)) byHolder.set(holder, [...(byHolder.get(holder) ?? []), absence])
    }
  }
  yield* silentAccessors(file, byHolder, context)
  for (const [holder, absences] of byHolder) {
    if (isAnnounced(holder, context) || absences.some(({ instead }) => instead && tells(instead, project)))
      continue
    const silent = absences.filter((each) => leaves(each) && worksWithClient(each, operations))
    const [first, ...others] = silent
    if (!first) continue
    yield {
      node: first.node,
      message: `Without ${first.tested.getText()} this is left out in silence, and nothing here ever says that Redis is not configured: a forgotten setting is found by its damage.`,
      remedy:
        'Log once, where the client is or is not made, that the service runs without Redis; better still put a pass-through in its place.',
      related: others.map(({ node }) => ({ node, what: 'left out here too' })),
    }
  }
}

const SETTING = /redis|valkey|upstash|\bkv\b|\b(?:url|uri|host|token|dsn)\b|env\.|config/i

/** `if (!url) return null` of the accessor that makes the client: neither it nor whoever does without says so. */
function* silentAccessors(
  file: ts.SourceFile,
  byHolder: ReadonlyMap<ts.Node, Absence[]>,
  context: RuleContext,
): Generator<Violation> {
  for (const { holder, node } of constructionsIn(file, context)) {
    const maker = above(node, isFunction)
    if (!holder || !maker || isAnnounced(holder, context)) continue
    if (byHolder.get(holder)?.some(({ instead }) => instead && tells(instead, context.project))) continue
    const branch = own(maker.body, ts.isIfStatement).find((each) => isSilentlyNothing(each, node, context))
    if (!branch || !context.products.ofFunction(maker).some(({ kind }) => kind === 'client')) continue
    yield {
      node: branch,
      message:
        'Without the setting there is no client, and nothing here ever says so: a forgotten setting is found by its damage.',
      remedy:
        'Log once, where the client is or is not made, that the service runs without Redis; better still put a pass-through in its place.',
      confidence: 'medium',
    }
  }
}

/** Before the client is made, it asks for the setting and answers with nothing, or with what does nothing. */
function isSilentlyNothing(
  { expression, thenStatement, end }: ts.IfStatement,
  made: ts.Node,
  { products }: RuleContext,
): boolean {
  if (end > made.pos || !SETTING.test(expression.getText())) return false
  const statements = ts.isBlock(thenStatement) ? [...thenStatement.statements] : [thenStatement]
  const [only] = statements
  return (
    statements.length === 1 &&
    only !== undefined &&
    ts.isReturnStatement(only) &&
    (only.expression === undefined ||
      isNull(bare(only.expression)) ||
      (ts.isObjectLiteralExpression(bare(only.expression)) &&
        products.of(only.expression).every(({ kind }) => kind === 'pass-through')))
  )
}

/** Where a setting decides whether the client is made, the other branch says that it is not. */
function isAnnounced(holder: ts.Node, { project }: RuleContext): boolean {
  const scope = above(holder, ts.isClassLike) ?? holder.getSourceFile()
  const name = (holder as ts.NamedDeclaration).name?.getText() ?? ''
  return all(scope, ts.isIfStatement).some(({ thenStatement, elseStatement, expression }) => {
    const makes = (branch: ts.Node | undefined) => branch !== undefined && branch.getText().includes(name)
    if (makes(thenStatement))
      return elseStatement !== undefined && !makes(elseStatement) && tells(elseStatement, project)
    const asks = /redis|valkey|upstash|url|host|env/i.test(expression.getText())
    return asks && own(thenStatement, ts.isReturnStatement).length > 0 && tells(thenStatement, project)
  })
}

function leaves({ instead }: Absence): boolean {
  return instead !== undefined && ts.isStatement(instead) && own(instead, ts.isReturnStatement).length > 0
}

function worksWithClient({ node }: Absence, operations: RuleContext['operations']): boolean {
  const within = above(node, isFunction)
  if (!within) return false
  // An accessor that makes the client, or one that closes it, leaves nothing out.
  return operations.within(within).some(({ kind }) => kind === 'client') || callsOwn(within)
}

/** It goes on with a method of the same class, which has the operation. */
function callsOwn(node: ts.Node): boolean {
  return all(node, ts.isCallExpression).some(
    ({ expression }) =>
      ts.isPropertyAccessExpression(expression) && expression.expression.kind === ts.SyntaxKind.ThisKeyword,
  )
}
