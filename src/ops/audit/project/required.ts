import ts from 'typescript'
import { bare } from '../syntax.js'

/** The source file that a module specifier stands for in a file; undefined when it is not one of this repository. */
export type ModuleOf = (specifier: string, from: ts.SourceFile) => ts.SourceFile | undefined

/**
 * What a name stands for that require() gives in TypeScript, which the checker leaves untyped: `const { make } =
 * require('./cache')`, `require('./cache').make`, `caches.make`.
 */
export function requiredExport(
  node: ts.Node,
  checker: ts.TypeChecker,
  moduleOf: ModuleOf,
): ts.Symbol | undefined {
  const file = node.getSourceFile()
  if (!ts.isIdentifier(node) || !/\.[cm]?tsx?$/.test(file.fileName) || !requires(file)) return undefined
  const found =
    ts.isPropertyAccessExpression(node.parent) && node.parent.name === node
      ? ofMember(node.parent, checker)
      : ofBinding(checker.getSymbolAtLocation(node)?.valueDeclaration)
  const module = found && moduleOf(found.specifier, file)
  const symbol = module && checker.getSymbolAtLocation(module)
  return symbol && found && checker.tryGetMemberInModuleExports(found.name, symbol)
}

interface Required {
  specifier: string
  name: string
}

function ofMember(node: ts.PropertyAccessExpression, checker: ts.TypeChecker): Required | undefined {
  let from = bare(node.expression)
  if (ts.isIdentifier(from)) {
    const holder = checker.getSymbolAtLocation(from)?.valueDeclaration
    if (!holder || !ts.isVariableDeclaration(holder) || !holder.initializer) return undefined
    from = bare(holder.initializer)
  }
  const specifier = requiredBy(from)
  return specifier === undefined ? undefined : { specifier, name: node.name.text }
}

function ofBinding(element: ts.Declaration | undefined): Required | undefined {
  if (!element || !ts.isBindingElement(element)) return undefined
  const holder = element.parent.parent
  const isHeld = ts.isVariableDeclaration(holder) && holder.initializer
  const specifier = isHeld ? requiredBy(bare(isHeld)) : undefined
  const name = (element.propertyName ?? element.name).getText()
  return specifier === undefined ? undefined : { specifier, name }
}

function requiredBy(node: ts.Expression): string | undefined {
  if (!ts.isCallExpression(node) || node.expression.getText() !== 'require') return undefined
  const [specifier] = node.arguments
  return specifier && ts.isStringLiteralLike(specifier) ? specifier.text : undefined
}

const known = new WeakMap<ts.SourceFile, boolean>()

function requires(file: ts.SourceFile): boolean {
  let answer = known.get(file)
  if (answer === undefined) {
    answer = file.text.includes('require(')
    known.set(file, answer)
  }
  return answer
}
