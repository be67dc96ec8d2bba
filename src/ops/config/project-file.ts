import { stripVTControlCharacters } from 'node:util'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cosmiconfig, type Loader } from 'cosmiconfig'
import { ActionableError, UsageError } from '../report/errors.js'
import { loadModule, whyOf } from './module-file.js'
import { isTree, type Tree } from './tree.js'
import { loadTypeScript } from './typescript-file.js'

const LOADERS = { '.js': loadModule, '.mjs': loadModule, '.cjs': loadModule, '.ts': loadTypeScript }
const TYPES = ['json', 'yaml', 'yml', 'js', 'mjs', 'cjs', 'ts']

/** Where the nearest project file is; what stands in it is not run. */
export async function findProjectFile(directory: string): Promise<string | null> {
  const present = () => ({})
  const loaders = Object.fromEntries(
    TYPES.filter((type) => type !== 'json').map((type) => [`.${type}`, present]),
  )
  return (await search(directory, loaders))?.filepath ?? null
}

export interface ProjectFile {
  /** Null when there is none. */
  file: string | null
  tree: Tree
  /** Files beside it that would be read if it were not there. */
  notRead: string[]
}

/**
 * The nearest project file from `directory` upwards, as it stands there; up to the project's root.
 *
 * @throws UsageError for one that cannot be read; EnvironmentError for TypeScript without a compiler
 */
export async function readProjectFile(directory?: string): Promise<ProjectFile> {
  const found = await search(directory, LOADERS)
  if (!found) return { file: null, tree: {}, notRead: [] }
  const { filepath: file, config } = found
  if (!isTree(config)) throw new UsageError('CONFIG_INVALID', `${file}: the settings are not an object.`)
  try {
    return { file, tree: structuredClone(config), notRead: othersBeside(file) }
  } catch {
    throw new UsageError(
      'CONFIG_INVALID',
      `${file}: a setting is a function or another object that is no data.`,
    )
  }
}

function othersBeside(file: string): string[] {
  return TYPES.map((type) => join(dirname(file), `cache.config.${type}`)).filter(
    (other) => other !== file && existsSync(other),
  )
}

async function search(
  directory: string | undefined,
  loaders: Record<string, Loader>,
): Promise<{ filepath: string; config: unknown } | null> {
  try {
    // It reads package.json for settings of its own, as soon as it is made.
    const explorer = cosmiconfig('cache', {
      searchPlaces: ['package.json', ...TYPES.map((type) => `cache.config.${type}`)],
      searchStrategy: 'project',
      loaders,
    })
    const found = await explorer.search(directory)
    return found && !found.isEmpty ? found : null
  } catch (error) {
    if (error instanceof ActionableError) throw error
    throw new UsageError(
      'CONFIG_INVALID',
      `The project file cannot be read: ${reasonOf(error)}`,
      ['correct it or move it away'],
      { cause: error },
    )
  }
}

/** Parsers say where and, on the next line, why; what follows is an excerpt of the file, which may hold a secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unreadable'
  const [, json] = /^JSON Error in (.+?):?\s*\n/.exec(error.message) ?? []
  // Why is told together with what stands there.
  if (json !== undefined) return `${json}${lineOf(error.message)} is no JSON`
  const [first = 'unreadable', second] = error.message.split(/\n\s*/)
  return first.endsWith(':') && second ? `${first} ${second}` : whyOf(error)
}

/** The line that an excerpt points at, or that newer versions of Node name. */
function lineOf(message: string): string {
  // Excerpts are coloured where a CI job says that it likes colours.
  const plain = stripVTControlCharacters(message)
  const [, pointedAt, named] = /^> *(\d+) \||\(line (\d+) column \d+\)/m.exec(plain) ?? []
  const line = pointedAt ?? named
  return line === undefined ? '' : `:${line}`
}
