import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'

/** What the nearest tsconfig says, with all that it extends. */
export interface CompilerSettings {
  /** Whether a declared type without null can be believed. */
  strictNullChecks: boolean
  /** Path patterns with the absolute directory that they start from. */
  paths: { pattern: string; targets: string[] }[]
  baseUrl: string | null
}

interface Raw {
  extends?: string | string[]
  compilerOptions?: Record<string, unknown>
}

const NONE: CompilerSettings = { strictNullChecks: false, paths: [], baseUrl: null }

/** Reads tsconfig files once; `packageDirectory` says where a workspace package lies that one extends. */
export class SettingsReader {
  readonly #packageDirectory: (name: string) => string | undefined
  readonly #byDirectory = new Map<string, CompilerSettings>()

  constructor(packageDirectory: (name: string) => string | undefined) {
    this.#packageDirectory = packageDirectory
  }

  /** The settings that hold for a file. JavaScript is never null-safe. */
  of(file: string): CompilerSettings {
    const settings = this.#ofDirectory(dirname(file))
    return /\.[cm]?jsx?$/.test(file) ? { ...settings, strictNullChecks: false } : settings
  }

  #ofDirectory(directory: string): CompilerSettings {
    const known = this.#byDirectory.get(directory)
    if (known) return known
    const file = ['tsconfig.json', 'jsconfig.json'].map((name) => join(directory, name)).find(existsSync)
    const parent = dirname(directory)
    const settings = file
      ? this.#read(file, new Set())
      : parent === directory
        ? NONE
        : this.#ofDirectory(parent)
    this.#byDirectory.set(directory, settings)
    return settings
  }

  #read(file: string, seen: Set<string>): CompilerSettings {
    // A circle is the project's mistake, and must not be ours.
    if (seen.has(file)) return NONE
    const raw = (ts.parseConfigFileTextToJson(file, textOf(file)).config ?? {}) as Raw
    const directory = dirname(file)
    let settings = NONE
    for (const name of [raw.extends ?? []].flat()) {
      const base = this.#extended(name, directory)
      if (base) settings = { ...settings, ...this.#read(base, new Set([...seen, file])) }
    }
    return override(settings, raw.compilerOptions ?? {}, directory)
  }

  #extended(name: string, directory: string): string | undefined {
    if (name.startsWith('.') || name.startsWith('/')) return withJson(resolve(directory, name))
    const parts = name.split('/')
    const length = name.startsWith('@') ? 2 : 1
    const from = this.#packageDirectory(parts.slice(0, length).join('/'))
    if (from === undefined) return undefined
    const rest = parts.slice(length).join('/')
    return withJson(join(from, rest === '' ? 'tsconfig.json' : rest))
  }
}

function override(
  base: CompilerSettings,
  options: Record<string, unknown>,
  directory: string,
): CompilerSettings {
  const settings = { ...base }
  // An explicit strictNullChecks beats strict, wherever in the chain either stands; in one file both may stand.
  const strict = options['strictNullChecks'] ?? options['strict']
  if (typeof strict === 'boolean') settings.strictNullChecks = strict
  if (typeof options['baseUrl'] === 'string') settings.baseUrl = resolve(directory, options['baseUrl'])
  const { paths } = options
  if (typeof paths === 'object' && paths !== null) {
    const from = settings.baseUrl ?? directory
    settings.paths = Object.entries(paths as Record<string, unknown>).map(([pattern, targets]) => ({
      pattern,
      targets: (Array.isArray(targets) ? targets : []).map((target) => resolve(from, String(target))),
    }))
  }
  return settings
}

function withJson(path: string): string | undefined {
  return [path, `${path}.json`, join(path, 'tsconfig.json')].find(
    (each) => existsSync(each) && each.endsWith('.json'),
  )
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '{}'
  }
}
