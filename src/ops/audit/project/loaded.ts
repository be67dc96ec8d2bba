import ts from 'typescript'
import { specifierLoadedBy } from '../load-calls.js'
import { bare } from '../syntax.js'

/** The source file that a module specifier stands for in a file; undefined when it is not one of this repository. */
export type ModuleOf = (specifier: string, from: ts.SourceFile) => ts.SourceFile | undefined

/**
 * What a name stands for that is loaded where it is used: `const { make } = await import('./cache')`, and in TypeScript,
 * where the checker leaves it untyped, `require('./cache').make`.
 */
export function loadedExport(
  node: ts.Node,
  checker: ts.TypeChecker,
  moduleOf: ModuleOf,
): ts.Symbol | undefined {
  const file = node.getSourceFile()
  if (!ts.isIdentifier(node) || !loads(file)) return undefined
  const found =
    ts.isPropertyAccessExpression(node.parent) && node.parent.name === node
      ? ofMember(node.parent, checker)
      : ofBinding(checker.getSymbolAtLocation(node)?.valueDeclaration)
  const module = found && moduleOf(found.specifier, file)
  const symbol = module && checker.getSymbolAtLocation(module)
  return symbol && found && checker.tryGetMemberInModuleExports(found.name, symbol)
}

interface Loaded {
  specifier: string
  name: string
}

function ofMember(node: ts.PropertyAccessExpression, checker: ts.TypeChecker): Loaded | undefined {
  let from = bare(node.expression)
  if (ts.isIdentifier(from)) {
    const holder = checker.getSymbolAtLocation(from)?.valueDeclaration
    if (!holder || !ts.isVariableDeclaration(holder) || !holder.initializer) return undefined
    from = bare(holder.initializer)
  }
  const specifier = specifierLoadedBy(from)?.text
  return specifier === undefined ? undefined : { specifier, name: node.name.text }
}

function ofBinding(element: ts.Declaration | undefined): Loaded | undefined {
  if (!element || !ts.isBindingElement(element)) return undefined
  const holder = element.parent.parent
  const isHeld = ts.isVariableDeclaration(holder) && holder.initializer
  const specifier = isHeld ? specifierLoadedBy(bare(isHeld))?.text : undefined
  const name = (element.propertyName ?? element.name).getText()
  return specifier === undefined ? undefined : { specifier, name }
}

const known = new WeakMap<ts.SourceFile, boolean>()

function loads(file: ts.SourceFile): boolean {
  let answer = known.get(file)
  if (answer === undefined) {
    answer = /\b(?:require|import)\(/.test(file.text)
    known.set(file, answer)
  }
  return answer
}
