import { existsSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { UsageError } from '../../../report/errors.js'
import { plainText } from '../../plain-text.js'
import type { ModuleReference } from './module-reference.js'

/**
 * Reads `FILE#EXPORT`, or `FILE` alone. Nothing is imported: that happens in the process that is drilled.
 *
 * @throws UsageError `MODULE_NOT_FOUND`, and `MODULE_IS_TYPESCRIPT` where this Node cannot run it
 */
export function parseModule(
  text: string,
  more: Pick<ModuleReference, 'protocol' | 'declared' | 'ttl'>,
): ModuleReference {
  const { path, exportName } = split(text)
  const name = plainText(text)
  const file = resolve(path)
  const isThere = path !== '' && existsSync(file)
  if (!isThere || statSync(file).isDirectory()) {
    throw new UsageError(
      'MODULE_NOT_FOUND',
      isThere
        ? `--module ${name} names a directory, and not the file in it that exports a cache or a limiter.`
        : `There is no file ${plainText(file)}, which --module ${name} names.`,
      ['--module ./dist/cache.js#createCache: the file that Node runs, from this directory'],
    )
  }
  if (/^\.[cm]?ts$/.test(extname(file)) && !runsTypeScript()) throw isTypeScript(name, path)
  return { name, file, exportName, ...more }
}

/** A `#` may be part of the path, too. */
function split(text: string): { path: string; exportName: string | null } {
  const at = text.lastIndexOf('#')
  if (at === -1 || existsSync(resolve(text))) return { path: text, exportName: null }
  return { path: text.slice(0, at), exportName: text.slice(at + 1) || null }
}

/** From Node 22.18 on, types are stripped. */
function runsTypeScript(): boolean {
  return Boolean((process.features as { typescript?: unknown }).typescript)
}

function isTypeScript(name: string, path: string): UsageError {
  const built = path.replace(/\.([cm]?)ts$/, '.$1js')
  return new UsageError(
    'MODULE_IS_TYPESCRIPT',
    `--module ${name} is TypeScript, which this Node (${process.version}) does not run.`,
    [
      `build it first, and name what is built, such as ${plainText(built)}`,
      'Node 22.18 or later runs it as it is',
    ],
  )
}
