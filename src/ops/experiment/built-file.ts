import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EnvironmentError } from '../report/errors.js'

/**
 * The path of a file of the package that the build makes, such as `dist/ops/experiment/host.js`: found from the package's
 * root, because this module runs from `dist` as well as from `src` under test.
 *
 * Throws EnvironmentError `NO_HOST` when it has not been built.
 */
export function builtFile(file: string): string {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    const manifest = join(directory, 'package.json')
    if (existsSync(manifest) && readFileSync(manifest, 'utf8').includes('"name": "transparent-cache"')) {
      const path = join(directory, file)
      if (existsSync(path)) return path
      throw new EnvironmentError('NO_HOST', `${file} is missing from ${directory}`, ['npm run build'])
    }
    if (directory === dirname(directory)) {
      throw new EnvironmentError('NO_HOST', 'the package that this file belongs to was not found')
    }
  }
}
