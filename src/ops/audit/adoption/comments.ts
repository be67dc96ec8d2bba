import ts from 'typescript'

/** A comment, and not what looks like one in a string, a template, a regular expression or the text of JSX. */
export interface Comment {
  pos: number
  end: number
  /** What it says, its lines joined, without what makes it a comment. */
  text: string
}

/** Every comment of a file, in order. Costs a walk over all tokens: ask only where there is reason to. */
export function commentsIn(file: ts.SourceFile): Comment[] {
  const found = new Map<number, ts.CommentRange>()
  const texts: { pos: number; end: number }[] = []
  forEachToken(file, file, (token) => {
    if (isText(token)) texts.push({ pos: startOf(token, file), end: token.end })
    const start = token.pos === 0 ? (ts.getShebang(file.text)?.length ?? 0) : token.pos
    const ranges = [
      ...(ts.getLeadingCommentRanges(file.text, start) ?? []),
      ...(ts.getTrailingCommentRanges(file.text, token.end) ?? []),
    ]
    for (const range of ranges) found.set(range.pos, range)
  })
  return [...found.values()]
    .filter(({ pos }) => !texts.some((text) => pos >= text.pos && pos < text.end))
    .sort((a, b) => a.pos - b.pos)
    .map(({ pos, end }) => ({ pos, end, text: textOf(file.text.slice(pos, end)) }))
}

function forEachToken(node: ts.Node, file: ts.SourceFile, visit: (token: ts.Node) => void): void {
  if (node.kind === ts.SyntaxKind.JSDoc) return
  // A list of nothing has neither children nor text.
  const children = node.kind === ts.SyntaxKind.SyntaxList || !isToken(node) ? node.getChildren(file) : []
  if (isToken(node)) visit(node)
  for (const child of children) forEachToken(child, file, visit)
}

function isToken({ kind }: ts.Node): boolean {
  return kind <= ts.SyntaxKind.LastToken
}

function isText({ kind }: ts.Node): boolean {
  return (
    kind === ts.SyntaxKind.JsxText ||
    (kind >= ts.SyntaxKind.FirstLiteralToken && kind <= ts.SyntaxKind.LastTemplateToken)
  )
}

// White space before the text of JSX belongs to it.
function startOf(token: ts.Node, file: ts.SourceFile): number {
  return token.kind === ts.SyntaxKind.JsxText ? token.pos : token.getStart(file)
}

function textOf(comment: string): string {
  if (comment.startsWith('//')) return comment.slice(2).trim()
  return comment
    .slice(2, -2)
    .split('\n')
    .map((line) => line.replace(/^[\s*]+/, '').trim())
    .join(' ')
    .trim()
}
