import { pathToFileURL } from 'node:url'
import { UsageError } from '../../../report/errors.js'
import { describeError } from '../../plain-text.js'
import { WHAT_IT_GETS } from './factory-fails.js'
import type { ModuleReference } from './module-reference.js'
import { pickExport } from './pick-export.js'

/**
 * Imports somebody's module into this process and finds what is to be drilled in it.
 *
 * @throws UsageError `MODULE_NOT_IMPORTED` with what the module itself threw, and those of `pickExport`
 */
export async function loadExport({ name, file, exportName }: ModuleReference): Promise<unknown> {
  return pickExport(await imported(name, file), name, exportName)
}

async function imported(name: string, file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    throw new UsageError('MODULE_NOT_IMPORTED', `${name} cannot be imported: ${describeError(error)}.`, [
      // Where it is wrong is told to nobody who imports it.
      `node ${error instanceof SyntaxError ? '--check ' : ''}${file}`,
      WHAT_IT_GETS,
    ])
  }
}
