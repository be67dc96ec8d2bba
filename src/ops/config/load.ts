import { invalid } from './invalid.js'
import { readLayers, type Layer, type LoadOptions, type Origin } from './layers.js'
import { schema, type Settings } from './schema.js'

export interface LoadedConfig {
  settings: Settings
  /** By path, such as `outage.rate`. */
  origins: Record<string, Origin>
  /** By path: all that was said about it, the first was heard. */
  layers: Record<string, Layer[]>
  /** The project file that was read; null when there is none. */
  file: string | null
  /** Project files beside it, which are not read. */
  notRead: string[]
}

/**
 * The settings of this project: flags over `CACHE_*` variables over the project file (`cache.config.json`, `.yaml`,
 * `.js`, `.ts`, or `cache` in package.json) over defaults. `CACHE_*` variables that name no setting are ignored.
 *
 * @throws UsageError for a file that cannot be read, an unknown key (with the one that was probably meant), or a value
 * out of range; it names the origin and never repeats the value of a variable
 */
export async function loadConfig(options: LoadOptions = {}): Promise<LoadedConfig> {
  const { layers, tree, file, notRead } = await readLayers(options)
  const parsed = schema.safeParse(tree)
  if (!parsed.success) throw invalid(parsed.error.issues[0]!, { layers, file }, options.flags)
  const origins = Object.fromEntries(Object.entries(layers).map(([path, [heard]]) => [path, heard!.origin]))
  return { settings: parsed.data, origins, layers, file, notRead }
}
