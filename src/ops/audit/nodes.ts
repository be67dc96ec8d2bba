import ts from 'typescript'

/**
 * All nodes of a file in the order of the code. Two dozen rules ask for the nodes of one kind in a file or function, and
 * to walk the tree anew for each question costs more than the questions do.
 */
export interface Nodes {
  list: readonly ts.Node[]
  indexOf: ReadonlyMap<ts.Node, number>
  /** For each node, the index of the first one that is no longer below it. */
  ends: readonly number[]
  /** The indices of the nodes of one kind, ascending. */
  ofKind: ReadonlyMap<ts.SyntaxKind, readonly number[]>
}

const known = new WeakMap<ts.SourceFile, Nodes>()

export function nodesOf(file: ts.SourceFile): Nodes {
  let nodes = known.get(file)
  if (!nodes) {
    nodes = collect(file)
    known.set(file, nodes)
  }
  return nodes
}

function collect(file: ts.SourceFile): Nodes {
  const list: ts.Node[] = []
  const indexOf = new Map<ts.Node, number>()
  const ends: number[] = []
  const ofKind = new Map<ts.SyntaxKind, number[]>()
  const visit = (node: ts.Node): void => {
    const index = list.length
    list.push(node)
    indexOf.set(node, index)
    ends.push(0)
    const alike = ofKind.get(node.kind)
    if (alike) alike.push(index)
    else ofKind.set(node.kind, [index])
    ts.forEachChild(node, visit)
    ends[index] = list.length
  }
  visit(file)
  return { list, indexOf, ends, ofKind }
}

/** The nodes below and including `root` in the order of the code, all or those of some kinds. */
export function nodesBelow(root: ts.Node, kinds?: readonly ts.SyntaxKind[]): readonly ts.Node[] {
  const { list, indexOf, ends, ofKind } = nodesOf(root.getSourceFile())
  const from = indexOf.get(root)
  if (from === undefined) return []
  const end = ends[from]!
  if (!kinds) return list.slice(from, end)
  const found = kinds.flatMap((kind) => within(ofKind.get(kind) ?? [], from, end))
  if (kinds.length > 1) found.sort((a, b) => a - b)
  return found.map((index) => list[index]!)
}

/** The part of an ascending list from one value to before another. */
function within(ascending: readonly number[], from: number, end: number): readonly number[] {
  const first = placeOf(from, ascending)
  return ascending.slice(first, placeOf(end, ascending, first))
}

/** The first place in an ascending list that holds no less. */
function placeOf(least: number, ascending: readonly number[], from = 0): number {
  let low = from
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}
