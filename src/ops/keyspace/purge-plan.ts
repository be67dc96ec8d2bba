import { families, type Family } from '../../library/families/families.js'
import { requireConfirmation, type Target } from '../config/target-guard.js'
import { EnvironmentError, SafetyError } from '../report/errors.js'
import type { PurgePlan } from '../report/keys-report.js'
import type { Catalogue } from './families.js'
import { everySecond, type ProgressEvent } from './every-second.js'
import { Pass } from './pass.js'
import type { Server } from './server.js'
import { toEnvironmentError } from './server.js'

export interface PlanOptions {
  catalogue: Catalogue
  gentle: boolean
  signal?: AbortSignal | undefined
  onEvent?: ((event: ProgressEvent) => void) | undefined
}

/**
 * What a purge of the family would delete; changes nothing.
 *
 * @throws EnvironmentError when the server cannot be asked
 */
export async function planPurge(
  { client, nodes }: Server,
  family: Family,
  options: PlanOptions,
): Promise<PurgePlan> {
  const { catalogue, gentle, signal, onEvent } = options
  const begun = performance.now()
  try {
    const databaseKeys = Number(await client.send('DBSIZE'))
    const progress = everySecond((done, perSecond) =>
      onEvent?.({ type: 'progress', phase: 'counting', done, of: databaseKeys, perSecond }),
    )
    const bounds = { match: null, perFamily: 1000, seed: 1, limit: null }
    const positions = nodes.map((node) => ({ node, cursor: '0', complete: false }))
    const pass = new Pass({ positions, catalogue, family, ...bounds, gentle, signal, onProgress: progress })
    await pass.run()
    if (pass.error)
      throw new EnvironmentError(pass.error.code, pass.error.message, [...pass.error.suggestions])
    const tally = pass.tallyOf(family)
    return {
      keys: tally.keys,
      memoryBytes: tally.report(tally.keys).memoryBytes,
      examples: tally.examples,
      lookAlikes: pass.lookAlikes,
      complete: pass.complete,
      durationMs: Math.round(performance.now() - begun),
      effect: effectOf(family, tally.keys),
    }
  } catch (error) {
    throw toEnvironmentError(error)
  }
}

/**
 * The gate before the first key is deleted.
 *
 * @param command the command line that would be let through
 * @throws SafetyError for a production target whose name was not given exactly
 */
export function requirePurgeConfirmed(
  target: Target,
  family: Family,
  confirmed: string | undefined,
  command: string,
): void {
  try {
    requireConfirmation(target, `delete the keys of ${family.id}`, confirmed)
  } catch (error) {
    if (!(error instanceof SafetyError)) throw error
    const [, ...others] = error.suggestions
    throw new SafetyError(error.code, error.message, [command, ...others], { cause: error })
  }
}

/** @throws EnvironmentError where a purge would do nothing, or a part only, and look as if it were done */
export function requirePurgeable({ facts, target }: Server): void {
  if (facts.role === 'replica') {
    throw new EnvironmentError('IS_REPLICA', `${target.name} is a replica: nothing can be deleted there.`, [
      'point REDIS_URL at the master',
    ])
  }
  if (facts.cluster) {
    throw new EnvironmentError(
      'CLUSTER_NOT_YET',
      `${target.name} is a node of a cluster and holds a part of the keys; this version cannot purge all of them.`,
    )
  }
}

function effectOf(family: Family, keys: number): string {
  if (keys === 0) return 'none: there is nothing to delete'
  if (family.id === families.rateLimit.id) {
    return 'everybody who is being limited starts again with the whole allowance'
  }
  const reads = keys === 1 ? '1 read' : `${keys.toLocaleString('en-US')} reads`
  const otherwise =
    family.ttlSeconds === null ? '' : `; left alone, a TTL of ${family.ttlSeconds} s spreads them`
  return `at worst ${reads} of the database at once, as the keys are asked for again${otherwise}`
}
