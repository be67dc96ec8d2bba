import { cosmiconfig } from 'cosmiconfig'
import { z } from 'zod'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { schema, type Settings } from './schema.js'

/** Where a setting came from: `flag`, the name of a variable, the path of the project file, or `default`. */
export type Origin = string

export interface LoadedConfig {
  settings: Settings
  /** By path, such as `outage.rate`. */
  origins: Record<string, Origin>
  /** The project file that was read; null when there is none. */
  file: string | null
}

export interface LoadOptions {
  /** Where the search for a project file starts; it goes up from here. @default the working directory */
  directory?: string
  /** @default process.env */
  env?: Record<string, string | undefined>
  /** What was given on the command line, by path; undefined means not given. */
  flags?: Record<string, string | number | undefined>
}

type Tree = { [key: string]: unknown }

/**
 * The settings of this project: flags over `CACHE_*` variables over the project file (`cache.config.json`, `.yaml`,
 * `.js`, or `cache` in package.json) over defaults. `CACHE_*` variables that name no setting are ignored.
 *
 * @throws UsageError for a file that cannot be read, an unknown key (with the one that was probably meant), or a value
 * out of range; it names the origin and never repeats the value of a variable
 */
export async function loadConfig(options: LoadOptions = {}): Promise<LoadedConfig> {
  const { file, tree } = await readProjectFile(options.directory)
  const origins: Record<string, Origin> = {}
  for (const path of leaves(schema)) {
    const variable = `CACHE_${path.replaceAll('.', '_').toUpperCase()}`
    const flag = options.flags?.[path]
    const fromEnvironment = (options.env ?? process.env)[variable]
    if (flag !== undefined) {
      put(tree, path, String(flag))
      origins[path] = 'flag'
    } else if (fromEnvironment) {
      put(tree, path, fromEnvironment)
      origins[path] = variable
    } else origins[path] = file !== null && has(tree, path) ? file : 'default'
  }
  const parsed = schema.safeParse(tree)
  if (parsed.success) return { settings: parsed.data, origins, file }
  throw invalid(parsed.error.issues[0]!, { origins, file }, options.flags)
}

async function readProjectFile(directory?: string): Promise<{ file: string | null; tree: Tree }> {
  const explorer = cosmiconfig('cache', {
    searchPlaces: [
      'package.json',
      ...['json', 'yaml', 'yml', 'js', 'mjs', 'cjs'].map((type) => `cache.config.${type}`),
    ],
    searchStrategy: 'project',
  })
  try {
    const found = await explorer.search(directory)
    if (!found || found.isEmpty) return { file: null, tree: {} }
    if (typeof found.config !== 'object' || found.config === null || Array.isArray(found.config)) {
      throw new UsageError('CONFIG_INVALID', `${found.filepath}: the settings are not an object.`)
    }
    return { file: found.filepath, tree: structuredClone(found.config) as Tree }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(
      'CONFIG_INVALID',
      `The project file cannot be read: ${reasonOf(error)}`,
      ['correct it or move it away'],
      {
        cause: error,
      },
    )
  }
}

function invalid(
  issue: z.core.$ZodIssue,
  { origins, file }: Pick<LoadedConfig, 'origins' | 'file'>,
  flags: LoadOptions['flags'],
): UsageError {
  const path = issue.path.join('.')
  const given = flags?.[path]
  if (given !== undefined) {
    return new UsageError(
      'CONFIG_INVALID',
      `${flagOf(path)}: '${String(given).slice(0, 100)}' ${issue.message}.`,
    )
  }
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys[0]!
    const known = keysAt(issue.path.map(String))
    const meant = nearest(unknown, known)
    return new UsageError(
      'CONFIG_UNKNOWN_KEY',
      `${file}: ${[...issue.path, unknown].join('.')} is no setting.`,
      [meant ? `did you mean ${meant}?` : `known here: ${known.join(', ')}`],
    )
  }
  const origin = origins[path] ?? file ?? 'the settings'
  return new UsageError('CONFIG_INVALID', `${path} (from ${origin}): ${issue.message}.`)
}

/** Parsers say where and, on the next line, why; what follows is an excerpt of the file, which may hold a secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unreadable'
  const [first = 'unreadable', second] = error.message.split(/\n\s*/)
  return first.endsWith(':') && second ? `${first} ${second}` : first
}

/** A setting's flag is named as the last part of its path. */
function flagOf(path: string): string {
  return `--${path
    .split('.')
    .at(-1)!
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** Paths of the single settings; records hold names of the user's own and have none. */
function leaves(node: z.ZodType, prefix = ''): string[] {
  const inner = unwrap(node)
  if (!(inner instanceof z.ZodObject)) return inner instanceof z.ZodRecord ? [] : [prefix]
  return Object.entries(inner.shape).flatMap(([key, child]) =>
    leaves(child as z.ZodType, prefix ? `${prefix}.${key}` : key),
  )
}

function keysAt(path: string[]): string[] {
  let node = unwrap(schema)
  for (const key of path) {
    if (node instanceof z.ZodObject) node = unwrap(node.shape[key] as z.ZodType)
    else if (node instanceof z.ZodRecord) node = unwrap(node.valueType as z.ZodType)
  }
  return node instanceof z.ZodObject ? Object.keys(node.shape) : []
}

function unwrap(node: z.ZodType): z.ZodType {
  let inner = node
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) inner = inner.unwrap() as z.ZodType
  return inner
}

function put(tree: Tree, path: string, value: string): void {
  const keys = path.split('.')
  let node = tree
  for (const key of keys.slice(0, -1)) node = (node[key] ??= {}) as Tree
  node[keys.at(-1)!] = value
}

function has(tree: Tree, path: string): boolean {
  let node: unknown = tree
  for (const key of path.split('.')) node = (node as Tree | undefined)?.[key]
  return node !== undefined
}
