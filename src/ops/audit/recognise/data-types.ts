import ts from 'typescript'

const DATA = new Set([
  ts.SyntaxKind.StringKeyword,
  ts.SyntaxKind.NumberKeyword,
  ts.SyntaxKind.BooleanKeyword,
  ts.SyntaxKind.BigIntKeyword,
  ts.SyntaxKind.VoidKeyword,
  ts.SyntaxKind.NeverKeyword,
  ts.SyntaxKind.UndefinedKeyword,
])

/** Texts, numbers, answers, lists of them, nothing; a promise of such. */
export function isData(type: ts.TypeNode): boolean {
  if (ts.isTypeReferenceNode(type)) {
    const [inner] = type.typeArguments ?? []
    return type.typeName.getText() === 'Promise' && inner !== undefined && isData(inner)
  }
  if (ts.isUnionTypeNode(type)) return type.types.every(isData)
  if (ts.isArrayTypeNode(type)) return isData(type.elementType)
  return ts.isTypePredicateNode(type) || ts.isLiteralTypeNode(type) || DATA.has(type.kind)
}
