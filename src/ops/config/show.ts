import type { Report } from '../report/report.js'
import { appVariables, type AppVariable } from './app-variables.js'
import type { Layer } from './layers.js'
import { HIDDEN, maskedAddress, maskedSetting, maskedText } from './mask.js'
import { leaves } from './schema-tree.js'

/** A value that may be shown, and where it is from. */
export interface Said {
  value: unknown
  /** `default`, the path of the project file, or the name of a variable; of a variable `environment` or `.env`. */
  from: string
}

export interface ShownSetting extends Said {
  path: string
  description: string | null
  /** What would be heard otherwise, in this order. */
  overrode: Said[]
}

export interface ShownVariable {
  name: string
  description: string
  /** Null when it is not set. */
  value: unknown
  from: string | null
  overrode: Said[]
}

export interface ConfigReport extends Report {
  command: 'config show'
  file: string | null
  /** Project files beside it, which are not read. */
  notRead: string[]
  /** The environment that was named; null for the one that is there. */
  env: string | null
  settings: ShownSetting[]
  variables: ShownVariable[]
}

export interface ShowOptions {
  layers: Record<string, Layer[]>
  file: string | null
  notRead?: string[]
  env?: string | undefined
  /** The application's variables, with what `.env` adds. */
  variables: Record<string, string | undefined>
  /** Which of them `.env` has added, and all that it says. */
  fromDotEnv: ReadonlySet<string>
  dotEnv: Record<string, string>
  /** Where variables of a named environment are. */
  sources?: Readonly<Record<string, string>> | undefined
}

/** Every setting with its origin; secrets are masked here already, and not only where it is printed. */
export function showConfig(options: ShowOptions): ConfigReport {
  const { layers, file, notRead = [], env = null } = options
  const descriptions = new Map(leaves().map(({ path, description }) => [path, description]))
  const settings = Object.entries(layers).map(([path, said]): ShownSetting => {
    const [heard, ...others] = said.map(({ value, origin }) => ({
      value: maskedSetting(path, value),
      from: origin,
    }))
    const overrode = others.filter(({ value }) => value !== null)
    return { path, description: descriptions.get(path) ?? null, ...heard!, overrode }
  })
  const variables = appVariables.map((each) => shownVariable(each, options))
  return {
    schema: 'cache.config.show/1',
    command: 'config show',
    verdict: 'pass',
    file,
    notRead,
    env,
    settings,
    variables,
  }
}

function shownVariable(
  variable: AppVariable,
  { variables, fromDotEnv, dotEnv, sources }: ShowOptions,
): ShownVariable {
  const { name, description } = variable
  const value = variables[name]
  if (value === undefined) return { name, description, value: null, from: null, overrode: [] }
  const source = sources?.[name]
  const from = source ?? (fromDotEnv.has(name) ? '.env' : 'environment')
  const below = dotEnv[name]
  const overrode =
    from === 'environment' && below !== undefined ? [{ value: masked(variable, below), from: '.env' }] : []
  return { name, description, value: masked(variable, value), from, overrode }
}

function masked({ name, kind }: AppVariable, value: string): unknown {
  if (value.trim() === '') return ''
  if (kind === 'secret') return HIDDEN
  return kind === 'address' ? maskedAddress(name, value.trim()) : maskedText(name, value)
}
