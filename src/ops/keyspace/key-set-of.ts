import type { LoadedConfig } from '../config/load.js'
import { catalogueOf } from './families.js'
import { familyOrPrefix, type KeySet } from './family-or-prefix.js'

/**
 * What names of families mean in a project.
 *
 * @param setting what a name is given by, for the way out in the error of one that is unknown, such as `--family `
 */
export function keySetOf(config: LoadedConfig, setting: string): (name: string) => KeySet {
  return (name) => familyOrPrefix(catalogueOf(config), name, (meant) => `${setting}${meant}`)
}
