import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../report/errors.js'
import { findProjectFile } from './project-file.js'
import { template } from './template.js'

const NAME = 'cache.config.yaml'

/**
 * Writes `cache.config.yaml` into a directory, and never over anything.
 *
 * @returns where it is
 * @throws UsageError where this project has a project file already
 */
export async function initConfig(directory: string): Promise<string> {
  const found = await findProjectFile(directory)
  const path = join(directory, NAME)
  if (found !== null) throw existing(found)
  try {
    await writeFile(path, template(), { flag: 'wx' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // One without a setting in it is none to the search.
    if (code === 'EEXIST') throw existing(path)
    throw new UsageError('CONFIG_NOT_WRITTEN', `${path} cannot be written: ${String(code)}.`, [], {
      cause: error,
    })
  }
  return path
}

function existing(path: string): UsageError {
  return new UsageError('CONFIG_EXISTS', `There is ${path} already; nothing was written.`, [
    'cache config init --print',
    'cache config show --origin',
  ])
}
