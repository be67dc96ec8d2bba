import { readProjectFile } from './project-file.js'
import { leaves } from './schema-tree.js'
import { flatten, put, valueAt, type Tree } from './tree.js'

/** Where a setting came from: `flag`, the name of a variable, the path of the project file, or `default`. */
export type Origin = string

/** What one place says about a setting, as it stands there. */
export interface Layer {
  value: unknown
  origin: Origin
}

export interface LoadOptions {
  /** Where the search for a project file starts; it goes up from here. @default the working directory */
  directory?: string
  /** @default process.env */
  env?: Record<string, string | undefined>
  /** What was given on the command line, by path; undefined means not given. */
  flags?: Record<string, string | number | undefined>
}

export interface Layers {
  /** By path, such as `outage.rate`: who says something about it, the first is heard. */
  layers: Record<string, Layer[]>
  /** What is heard. */
  tree: Tree
  /** The project file that was read; null when there is none. */
  file: string | null
  /** Project files beside it, which are not read. */
  notRead: string[]
}

/** All that is said about the settings, not yet looked at. */
export async function readLayers({ directory, env, flags }: LoadOptions): Promise<Layers> {
  const { file, tree, notRead } = await readProjectFile(directory)
  const layers: Record<string, Layer[]> = {}
  const inFile = (value: unknown): Layer[] => (file === null ? [] : [{ value, origin: file }])
  for (const { path, usual } of leaves()) {
    const variable = variableOf(path)
    const fromEnvironment = (env ?? process.env)[variable]
    const said: Layer[] = []
    const flag = flags?.[path]
    if (flag !== undefined) said.push({ value: String(flag), origin: 'flag' })
    if (fromEnvironment) said.push({ value: fromEnvironment, origin: variable })
    const given = valueAt(tree, path)
    if (given !== undefined) said.push(...inFile(given))
    const [first] = said
    if (first && first.origin !== file) put(tree, path, first.value)
    layers[path] = [...said, { value: usual, origin: 'default' }]
  }
  for (const [path, value] of flatten(tree)) if (path !== '$schema') layers[path] ??= inFile(value)
  return { layers, tree, file, notRead }
}

/** The variable that sets a setting. */
export function variableOf(path: string): string {
  return `CACHE_${path.replaceAll('.', '_').toUpperCase()}`
}
