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
  const visit = (node: ts.Node): void => {
    const index = list.length
    list.push(node)
    indexOf.set(node, index)
    ends.push(0)
    ts.forEachChild(node, visit)
    ends[index] = list.length
  }
  visit(file)
  return { list, indexOf, ends }
}
