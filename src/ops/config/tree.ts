/** What a project file holds, before anybody has looked whether it is right. */
export type Tree = { [key: string]: unknown }

export function put(tree: Tree, path: string, value: unknown): void {
  const keys = path.split('.')
  let node = tree
  for (const key of keys.slice(0, -1)) {
    // Whoever wrote something else there is told so by the schema.
    if (!isTree(node[key])) node[key] = {}
    node = node[key] as Tree
  }
  node[keys.at(-1)!] = value
}

/** Undefined where there is nothing. */
export function valueAt(tree: Tree, path: string): unknown {
  let node: unknown = tree
  for (const key of path.split('.')) node = isTree(node) && Object.hasOwn(node, key) ? node[key] : undefined
  return node
}

/** Every value that is no object, with its path. */
export function flatten(tree: Tree, prefix = ''): [path: string, value: unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [string, unknown][] => {
    const path = prefix ? `${prefix}.${key}` : key
    return isTree(value) ? flatten(value, path) : [[path, value]]
  })
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
