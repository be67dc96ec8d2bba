import { allFamilies } from '../../library/families/families.js'
import { declareFamily, type Family } from '../../library/families/family.js'
import type { Settings } from '../config/schema.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { createClassifier } from './classify.js'

/** A family, and who declares it. */
export interface DeclaredFamily extends Family {
  /** `library`, or the path of the project file. */
  readonly declaredIn: string
}

/** The kinds of key that one run knows. No key is of two of them. */
export interface Catalogue {
  /** Those of the library, then those of the project file. */
  readonly families: readonly DeclaredFamily[]
  /** The family of a key by its exact pattern; null for an orphan. Made for millions of keys. */
  classify(key: Buffer): DeclaredFamily | null
}

/** The families of the library, and those of a project file that was read. */
export function catalogueOf({ settings, file }: DeclaringConfig = NOTHING_DECLARED): Catalogue {
  const declared = Object.entries(settings.families).map(([id, family]): DeclaredFamily => {
    const { ttl, ...others } = family
    return { ...declareFamily({ ...others, id, ttlSeconds: ttl }), declaredIn: file ?? 'the settings' }
  })
  const families = [
    ...allFamilies.map((family): DeclaredFamily => ({ ...family, declaredIn: 'library' })),
    ...declared,
  ]
  return { families, classify: createClassifier(families) }
}

interface DeclaringConfig {
  settings: Pick<Settings, 'families'>
  file: string | null
}

const NOTHING_DECLARED: DeclaringConfig = { settings: { families: {} }, file: null }

/** @throws UsageError with the family that was probably meant */
export function familyNamed(
  { families }: Catalogue,
  name: string,
  suggest: (family: string) => string,
): DeclaredFamily {
  const found = families.find(({ id }) => id === name)
  if (found) return found
  const known = families.map(({ id }) => id)
  const meant = nearest(name, known)
  throw new UsageError('UNKNOWN_FAMILY', `There is no family ${JSON.stringify(name.slice(0, 100))}.`, [
    meant === undefined ? `one of ${known.join(', ')}` : suggest(meant),
  ])
}
