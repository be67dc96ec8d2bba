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

// Methods of the language, of loggers and of schemas. To infer what a call of one returns, the checker goes through all that it
// is given; and it is never a connection.
const GIVES_DATA =
  /^(?:map|flatMap|filter|forEach|some|every|findIndex|includes|indexOf|join|split|slice|concat|sort|reverse|replace|replaceAll|trim|toLowerCase|toUpperCase|startsWith|endsWith|padStart|padEnd|toString|toFixed|toISOString|getTime|test|match|exec|stringify|floor|ceil|round|min|max|fromEntries|isArray|log|warn|error|info|debug)$/

export function givesData(method: string): boolean {
  return GIVES_DATA.test(method)
}
