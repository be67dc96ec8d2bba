import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// What bundlers and frameworks take for the root of the sources; where their settings are generated, no tsconfig says so.
const OF_ROOT = /^(?:@@?|~~?|#)\//
const SOURCE_ROOTS = ['src', 'app', '.']
const OF_LIBRARY = /^\$lib(?=\/|$)/

interface Package {
  directory: string
  imports: Readonly<Record<string, unknown>>
}

/** Where a specifier may lie that nothing but a convention maps: `@/lib/redis`, `$lib/redis`, `src/redis`, or the `imports` of a package. */
export class Aliases {
  readonly #root: string
  readonly #packages = new Map<string, readonly Package[]>()

  constructor(root: string) {
    this.#root = root
  }

  candidates(specifier: string, from: string): string[] {
    const isOfRoot = OF_ROOT.test(specifier)
    if (!isOfRoot && !OF_LIBRARY.test(specifier) && !/^(?:#|src\/)/.test(specifier)) return []
    return this.#around(dirname(from)).flatMap(({ directory, imports }) => {
      const imported = specifier.startsWith('#') ? importedPaths(imports, specifier) : []
      if (imported.length > 0) return imported.map((path) => join(directory, path))
      if (isOfRoot) {
        const rest = specifier.replace(OF_ROOT, '')
        return SOURCE_ROOTS.map((root) => join(directory, root, rest))
      }
      if (specifier.startsWith('#')) return []
      return [join(directory, specifier.replace(OF_LIBRARY, 'src/lib'))]
    })
  }

  /** The packages that a directory is in, the innermost first. */
  #around(directory: string): readonly Package[] {
    const known = this.#packages.get(directory)
    if (known) return known
    const parent = dirname(directory)
    const above = directory === this.#root || parent === directory ? [] : this.#around(parent)
    const file = join(directory, 'package.json')
    const isOne = existsSync(file) || directory === this.#root
    const found = isOne ? [{ directory, imports: importsIn(file) }, ...above] : above
    this.#packages.set(directory, found)
    return found
  }
}

function importsIn(file: string): Readonly<Record<string, unknown>> {
  try {
    const { imports } = JSON.parse(readFileSync(file, 'utf8')) as { imports?: unknown }
    return typeof imports === 'object' && imports !== null ? (imports as Record<string, unknown>) : {}
  } catch {
    // One that npm could not read either.
    return {}
  }
}

function importedPaths(imports: Readonly<Record<string, unknown>>, specifier: string): string[] {
  return Object.entries(imports).flatMap(([pattern, target]) => {
    const [before = '', after] = pattern.split('*')
    if (after === undefined) return pattern === specifier ? pathsOf(target) : []
    if (!specifier.startsWith(before) || !specifier.endsWith(after)) return []
    const middle = specifier.slice(before.length, specifier.length - after.length)
    return pathsOf(target).map((path) => path.replace('*', middle))
  })
}

/** All that its conditions lead to; of a built file, the source that it came from, too. */
function pathsOf(target: unknown): string[] {
  if (typeof target === 'string') {
    const source = target.replace(/^\.\/(?:dist|build|lib|out)\//, './src/')
    return source === target ? [target] : [source, target]
  }
  return typeof target === 'object' && target !== null ? Object.values(target).flatMap(pathsOf) : []
}
