import ts from 'typescript'
import type { Comment } from './comments.js'
import { above } from '../syntax.js'

/**
 * The lines that a comment speaks of, from 0: its own, and where it stands alone the next one with code; as the only thing in a
 * block, also the line that opens the block.
 */
export function coveredLines(
  comment: Comment,
  comments: readonly Comment[],
  file: ts.SourceFile,
): Set<number> {
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line
  const lines = new Set<number>()
  for (let line = lineOf(comment.pos); line <= lineOf(comment.end); line++) lines.add(line)
  const before = file.text.slice(file.getLineStarts()[lineOf(comment.pos)], comment.pos).trim()
  // In JSX it stands in braces.
  if (before === '' || before === '{') {
    const next = codeAfter(comment.end, comments, file.text, before === '{')
    if (next < file.text.length) lines.add(lineOf(next))
  }
  const block = emptyBlockAround(file, comment)
  if (block) lines.add(lineOf(block.getStart(file)))
  return lines
}

function codeAfter(from: number, comments: readonly Comment[], text: string, isBraced: boolean): number {
  let position = from
  for (;;) {
    const comment = comments.find(({ pos }) => pos === position)
    if (comment) position = comment.end
    else if (/\s/.test(text[position] ?? '') || (isBraced && text[position] === '}')) position += 1
    else return position
  }
}

function emptyBlockAround(file: ts.SourceFile, { pos, end }: Comment): ts.Block | undefined {
  let found: ts.Block | undefined
  const descend = (node: ts.Node): void => {
    if (pos < node.pos || end > node.end) return
    if (ts.isBlock(node) && node.statements.length === 0 && pos > node.getStart(file)) found = node
    ts.forEachChild(node, descend)
  }
  descend(file)
  return found
}

/** Where somebody who accepts a finding would write so, from 0: its line, and the first line of the statement or member it is in. */
export function linesOf(node: ts.Node): number[] {
  const file = node.getSourceFile()
  return [node, anchorOf(node)].map((each) => file.getLineAndCharacterOfPosition(each.getStart(file)).line)
}

function anchorOf(node: ts.Node): ts.Node {
  if (isAnchor(node)) return node
  return above(node, isAnchor) ?? node
}

/** A statement, a member of a class, or a function in a table of them: what is inside of others is too far away. */
function isAnchor(node: ts.Node): node is ts.Node {
  if (ts.isBlock(node)) return false
  if (ts.isStatement(node) || ts.isClassElement(node)) return true
  return ts.isPropertyAssignment(node) && ts.isFunctionLike(node.initializer)
}
