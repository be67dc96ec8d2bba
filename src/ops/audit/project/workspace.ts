import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findPackages } from './find-files.js'

interface Manifest {
  name?: string
  exports?: unknown
  workspaces?: unknown
}

/** The packages of the repository that a path belongs to, and where their sources lie. */
export interface Workspace {
  root: string
  /** By name. */
  packages: ReadonlyMap<string, { directory: string; exports: unknown }>
}

/** Goes up from `start` to the repository's root, and reads the names of all packages below it. */
export function readWorkspace(start: string): Workspace {
  const root = rootOf(start)
  const packages = new Map<string, { directory: string; exports: unknown }>()
  for (const directory of findPackages(root)) {
    const { name, exports } = manifestIn(directory)
    if (typeof name === 'string' && !packages.has(name)) packages.set(name, { directory, exports })
  }
  return { root, packages }
}

function rootOf(start: string): string {
  for (let directory = start; ; directory = dirname(directory)) {
    const isRoot =
      ['.git', 'pnpm-workspace.yaml'].some((name) => existsSync(join(directory, name))) ||
      manifestIn(directory).workspaces !== undefined
    if (isRoot) return directory
    if (dirname(directory) === directory) return nearestPackage(start)
  }
}

function nearestPackage(start: string): string {
  for (let directory = start; dirname(directory) !== directory; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return directory
  }
  return start
}

function manifestIn(directory: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest
  } catch {
    // None, or one that npm could not read either.
    return {}
  }
}

/** Where the source of `name/rest` may lie, most likely first, without suffix guesses. */
export function sourceCandidates(workspace: Workspace, specifier: string): string[] {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  const found = workspace.packages.get(parts.slice(0, length).join('/'))
  if (!found) return []
  const rest = parts.slice(length).join('/')
  const exported = exportedPath(found.exports, rest === '' ? '.' : `./${rest}`)
  const within = (path: string) => join(found.directory, path)
  return [
    ...(exported === undefined ? [] : sourcesOf(exported).map(within)),
    ...(rest === '' ? ['src/index', 'index', 'src/main'] : [rest, `src/${rest}`, ...sourcesOf(rest)]).map(
      within,
    ),
  ]
}

/** A built file stands for the source that it came from. */
function sourcesOf(path: string): string[] {
  const built = /^(?:\.\/)?(?:dist|build|lib|out)\/(?:(?:esm|cjs|types)\/)?(.*)$/.exec(path)
  if (built === null) return [path]
  return [built[1]!, `src/${built[1]!}`, path]
}

function exportedPath(exports: unknown, subpath: string): string | undefined {
  if (typeof exports === 'string') return subpath === '.' ? exports : undefined
  if (typeof exports !== 'object' || exports === null) return undefined
  const table = exports as Record<string, unknown>
  if (subpath in table) return firstPath(table[subpath])
  for (const [pattern, target] of Object.entries(table)) {
    const [before, after] = pattern.split('*')
    if (after === undefined || !subpath.startsWith(before!) || !subpath.endsWith(after)) continue
    return firstPath(target)?.replace('*', subpath.slice(before!.length, subpath.length - after.length))
  }
  return subpath === '.' && !('.' in table) && !Object.keys(table).some((key) => key.startsWith('.'))
    ? firstPath(table)
    : undefined
}

function firstPath(target: unknown): string | undefined {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return undefined
  const table = target as Record<string, unknown>
  for (const condition of ['source', 'types', 'import', 'default', 'require']) {
    const path = firstPath(table[condition])
    if (path !== undefined) return path
  }
  return undefined
}
