import { UsageError } from '../../../report/errors.js'
import { nearest } from '../../../report/nearest.js'
import { plainText } from '../../plain-text.js'
import { findShape } from './shapes/index.js'

type Exports = Readonly<Record<string, unknown>>

/**
 * The export that is named; without a name the default one, or the only one that fits: a function, or an object of a shape
 * that is known.
 *
 * @param module as it was typed, for the message
 * @throws UsageError `MODULE_EXPORT` that lists what is exported and what of it would fit
 */
export function pickExport(namespace: Exports, module: string, exportName: string | null): unknown {
  const exports = flattened(namespace)
  const [file = ''] = module.split('#')
  if (exportName !== null) {
    if (!Object.hasOwn(exports, exportName)) throw missing(exports, file, exportName)
    const value = exports[exportName]
    if (isMaker(value)) return value
    throw new UsageError(
      'MODULE_EXPORT',
      `${exportName} of ${file} is ${kindOf(value)}, and not a factory or an object.`,
      suggested(exports, file),
    )
  }
  if (fits(exports['default'])) return exports['default']
  const fitting = fittingNames(exports)
  if (fitting.length === 1) return exports[fitting[0]!]
  const which = fitting.length === 0 ? 'none of them' : `${fitting.length} of them`
  throw new UsageError(
    'MODULE_EXPORT',
    `${file} has no default export that could be drilled; it exports ${listOf(Object.keys(exports))}, and ${which} would fit.`,
    fitting.length > 0
      ? suggested(exports, file)
      : ['export a factory of a cache or a limiter: export const createCache = () => ({ get, set, del })'],
  )
}

/** What CommonJS exports is its default export, under one name or under several. */
function flattened(namespace: Exports): Exports {
  const { default: whole } = namespace
  if (typeof whole !== 'object' || whole === null || findShape(whole) !== undefined) return namespace
  const { default: _, ...named } = namespace
  return { ...(whole as Exports), ...named }
}

function missing(exports: Exports, file: string, exportName: string): UsageError {
  const names = Object.keys(exports)
  const meant = nearest(exportName, names)
  return new UsageError(
    'MODULE_EXPORT',
    `${file} does not export ${JSON.stringify(exportName)}; it exports ${listOf(names)}.`,
    meant === undefined ? suggested(exports, file) : [`--module ${file}#${plainText(meant)}`],
  )
}

const suggested = (exports: Exports, file: string) =>
  fittingNames(exports)
    .slice(0, 5)
    .map((name) => `--module ${file}#${plainText(name)}`)

const fittingNames = (exports: Exports) => Object.keys(exports).filter((name) => fits(exports[name]))

function fits(value: unknown): boolean {
  return typeof value === 'function' || (isMaker(value) && findShape(value) !== undefined)
}

function isMaker(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
}

const listOf = (names: readonly string[]) => (names.length === 0 ? 'nothing' : plainText(names.join(', ')))

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return `a ${typeof value}`
}
