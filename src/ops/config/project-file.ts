import { cosmiconfig } from 'cosmiconfig'
import { ActionableError, UsageError } from '../report/errors.js'
import { isTree, type Tree } from './tree.js'
import { loadTypeScript } from './typescript-file.js'

const TYPES = ['json', 'yaml', 'yml', 'js', 'mjs', 'cjs', 'ts']

/**
 * The nearest project file from `directory` upwards, as it stands there; up to the project's root.
 *
 * @throws UsageError for one that cannot be read; EnvironmentError for TypeScript without a compiler
 */
export async function readProjectFile(directory?: string): Promise<{ file: string | null; tree: Tree }> {
  const explorer = cosmiconfig('cache', {
    searchPlaces: ['package.json', ...TYPES.map((type) => `cache.config.${type}`)],
    searchStrategy: 'project',
    loaders: { '.ts': loadTypeScript },
  })
  try {
    const found = await explorer.search(directory)
    if (!found || found.isEmpty) return { file: null, tree: {} }
    if (!isTree(found.config)) {
      throw new UsageError('CONFIG_INVALID', `${found.filepath}: the settings are not an object.`)
    }
    return { file: found.filepath, tree: structuredClone(found.config) }
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
  const [first = 'unreadable', second] = error.message.split(/\n\s*/)
  return first.endsWith(':') && second ? `${first} ${second}` : first
}
