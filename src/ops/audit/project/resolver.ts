import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { packageOf } from '../recognise/packages.js'
import { Aliases } from './aliases.js'
import type { SettingsReader } from './settings.js'
import { sourceCandidates, type Workspace } from './workspace.js'

const SUFFIXES = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts']
const COMPILED: Record<string, string[]> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
}
/** Where a package's types were built, they may stand alone. */
const DECLARED: Record<string, string> = { '.js': '.d.ts', '.mjs': '.d.mts', '.cjs': '.d.cts' }

export type Resolution = { file: string } | { known: string } | 'foreign' | 'unresolved'

/**
 * Follows imports to sources of the same repository, and to the packages that the recognisers know. node_modules is
 * never read: an audit gives the same answer before and after `npm install`.
 */
export class Resolver {
  readonly #workspace: Workspace
  readonly #settings: SettingsReader
  readonly #aliases: Aliases
  readonly #known = new Map<string, Resolution>()
  readonly #isFile = new Map<string, boolean>()

  constructor(workspace: Workspace, settings: SettingsReader) {
    this.#workspace = workspace
    this.#settings = settings
    this.#aliases = new Aliases(workspace.root)
  }

  resolve(specifier: string, from: string): Resolution {
    const key = `${dirname(from)}\0${specifier}`
    const known = this.#known.get(key)
    if (known) return known
    const resolution = this.#resolve(specifier, from)
    this.#known.set(key, resolution)
    return resolution
  }

  #resolve(specifier: string, from: string): Resolution {
    if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..') {
      return this.#first([resolve(dirname(from), specifier)]) ?? this.#missing(specifier)
    }
    const known = packageOf(specifier)
    if (known !== undefined) return { known }
    const declared = this.#mapped(specifier, from)
    const mapped = declared.length > 0 ? declared : this.#aliases.candidates(specifier, from)
    const own = this.#first([...mapped, ...sourceCandidates(this.#workspace, specifier)])
    return own ?? (mapped.length > 0 ? this.#missing(specifier) : 'foreign')
  }

  #mapped(specifier: string, from: string): string[] {
    const { paths, baseUrl } = this.#settings.of(from)
    for (const { pattern, targets } of paths) {
      const [before = '', after] = pattern.split('*')
      if (
        after === undefined
          ? specifier === pattern
          : specifier.startsWith(before) && specifier.endsWith(after)
      ) {
        const middle =
          after === undefined ? '' : specifier.slice(before.length, specifier.length - after.length)
        return targets.map((target) => target.replace('*', middle))
      }
    }
    // A bare name below baseUrl is looked for, but its absence means nothing: most bare names are packages.
    const below = baseUrl === null ? undefined : join(baseUrl, specifier)
    return below !== undefined && this.#first([below]) ? [below] : []
  }

  #missing(specifier: string): Resolution {
    return /\.(?:css|scss|sass|less|json|svg|png|jpe?g|gif|webp|md|mdx|graphql|wasm|html|txt|sql|lua)$/.test(
      specifier,
    )
      ? 'foreign'
      : 'unresolved'
  }

  #first(paths: string[]): Resolution | undefined {
    for (const path of paths) {
      const suffix = /\.[cm]?jsx?$/.exec(path)?.[0]
      const stem = suffix === undefined ? path : path.slice(0, -suffix.length)
      const candidates = [
        ...(suffix === undefined ? [] : (COMPILED[suffix] ?? []).map((each) => stem + each)),
        ...(/\.(?:[cm]?[jt]s|[jt]sx)$/.test(path) ? [path] : []),
        ...(suffix !== undefined && suffix in DECLARED ? [stem + DECLARED[suffix]] : []),
        ...SUFFIXES.map((each) => path + each),
        ...SUFFIXES.map((each) => join(path, `index${each}`)),
      ]
      const file = candidates.find((each) => this.#exists(each))
      if (file !== undefined) return { file }
    }
    return undefined
  }

  #exists(path: string): boolean {
    let exists = this.#isFile.get(path)
    if (exists === undefined) {
      exists = isFile(path)
      this.#isFile.set(path, exists)
    }
    return exists
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
