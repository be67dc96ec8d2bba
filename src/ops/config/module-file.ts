import { pathToFileURL } from 'node:url'
import { UsageError } from '../report/errors.js'

/**
 * The default export of `cache.config.mjs` and of what else Node reads by itself.
 *
 * @throws UsageError with what the file itself threw, or how to see where it cannot be parsed
 */
export async function loadModule(path: string): Promise<unknown> {
  let module: { default?: unknown }
  try {
    module = (await import(pathToFileURL(path).href)) as { default?: unknown }
  } catch (error) {
    throw new UsageError(
      'CONFIG_INVALID',
      `${path} cannot be read: ${whyOf(error)}`,
      // Where is told to nobody who imports it.
      [error instanceof SyntaxError ? `node --check ${path}` : 'correct it or move it away'],
      { cause: error },
    )
  }
  if (module.default !== undefined) return module.default
  throw new UsageError('CONFIG_INVALID', `${path} has no default export.`, ['export default { … }'])
}

/** First line, because what follows may be an excerpt of the file, which may hold a secret. */
export function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it throws something that is no error'
  // Where it was asked for is the text of the file itself, when that is TypeScript.
  return error.message.replace(/ imported from data:\S*/, '').split('\n')[0]!
}
