import { realpathSync } from 'node:fs'
import ts from 'typescript'
import type { Violation } from '../rule.js'
import type { LineRange } from './hunks.js'
import type { Changes } from './read-changes.js'

/**
 * Whether a violation is of changed code: something changed in the function it stands in (outside of functions: in its file), or in
 * one that explains it.
 */
export function touches(changes: Changes, { node, related = [] }: Violation): boolean {
  return [node, ...related.map((each) => each.node)].some((each) => isChanged(changes, each))
}

function isChanged({ files }: Changes, node: ts.Node): boolean {
  const file = node.getSourceFile()
  const ranges = files.get(realpathSync(file.fileName))
  if (ranges === undefined) return false
  return ranges === null || overlaps(surroundings(node), file, ranges)
}

function overlaps(node: ts.Node, file: ts.SourceFile, ranges: readonly LineRange[]): boolean {
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1
  const [first, last] = [lineOf(node.getStart(file)), lineOf(node.end)]
  return ranges.some(({ from, to }) => from <= last && to >= first)
}

/** The outermost function or method around a node, itself included; the file where there is none. */
function surroundings(node: ts.Node): ts.Node {
  let found: ts.Node | undefined
  for (let each: ts.Node = node; !ts.isSourceFile(each); each = each.parent) {
    if (ts.isFunctionLike(each)) found = each
  }
  return found ?? node.getSourceFile()
}
