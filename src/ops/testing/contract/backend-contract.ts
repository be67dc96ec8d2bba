import type { RedisKeyValueClient } from '../../../library/backends/backend.js'
import type { CacheBackend } from '../../../library/index.js'
import type { ContractAspect, ContractCheck, Promised } from './check.js'
import { cacheChecks } from './checks/cache.js'
import { closingChecks } from './checks/closing.js'
import { concurrencyChecks } from './checks/concurrency.js'
import { deletionChecks } from './checks/deletion.js'
import { expiryChecks } from './checks/expiry.js'
import { failingChecks } from './checks/failing.js'
import { invalidationChecks } from './checks/invalidation.js'
import { keyChecks } from './checks/keys.js'
import { scriptChecks } from './checks/scripts.js'
import { textChecks } from './checks/text.js'
import { Trial, type Supply } from './trial.js'
import { within } from './until.js'

/** Whose contract it is. */
export interface BackendContractOptions {
  /** A new client on the same data each time, as the processes of a service have; called several times per check. */
  create: () => CacheBackend | Promise<CacheBackend>
  /** Ends a client that `create` made. @default its own `close`, if it has one */
  close?: (backend: CacheBackend) => unknown
  /** As `createTransparentCache` takes it. @default 'redis' */
  backendType?: 'redis' | 'upstash'
  /** What this backend is without, each with the reason; the checks that need it carry that reason. @default nothing */
  exempt?: Partial<Record<ContractAspect, string>>
}

const LONGEST_MS = 10_000

const PROMISES: readonly Promised[] = [
  ...textChecks,
  ...keyChecks,
  ...deletionChecks,
  ...expiryChecks,
  ...concurrencyChecks,
  ...scriptChecks,
  ...closingChecks,
  ...cacheChecks,
  ...invalidationChecks,
  ...failingChecks,
]

const ASPECTS: readonly ContractAspect[] = ['storage', 'expiry', 'scripts', 'close']

/**
 * The checks that every backend of a transparent cache must pass: what `get`, `set` and `del` do, what `eval` and
 * `serverNow` do where they are there, and that a transparent cache on top keeps its promises, also when the backend
 * rejects, throws, hangs or answers nonsense.
 *
 * Knows no test runner: loop over the list. Each check has clients and keys of its own below
 * `transparent-cache-contract:`, removed at its end, so they may run in any order or side by side. Nothing runs before
 * `run` is called. `run` of a check that is exempt rejects, so that a runner that does not look cannot count it as passed.
 * What caches have to say of the failures that are made goes where `setLogger` sends it.
 *
 * @throws RangeError, now, for an aspect that there is none of, or one without a reason
 *
 * @example
 * for (const { name, exempt, run } of backendContract({ create: () => createMyBackend() })) {
 *   test(name, { skip: exempt }, run) // node:test
 * }
 */
export function backendContract(options: BackendContractOptions): ContractCheck[] {
  const { exempt = {} } = options
  for (const [aspect, reason] of Object.entries(exempt) as [ContractAspect, unknown][]) {
    if (!ASPECTS.includes(aspect))
      throw new RangeError(`exempt.${aspect}: no such aspect; there are ${ASPECTS.join(', ')}`)
    if (reason !== undefined && (typeof reason !== 'string' || reason.trim() === ''))
      throw new RangeError(`exempt.${aspect}: say in words why this backend is without it`)
  }
  const supply: Supply = {
    create: options.create,
    close: options.close ?? ((backend: RedisKeyValueClient) => backend.close?.()),
    backendType: options.backendType ?? 'redis',
  }
  return PROMISES.map((promised) => toCheck(promised, supply, exempt))
}

function toCheck(
  { name, needs = [], prove }: Promised,
  supply: Supply,
  exempted: Partial<Record<ContractAspect, string>>,
): ContractCheck {
  const exempt = needs.map((aspect) => exempted[aspect]).find((reason) => reason !== undefined)
  return {
    name,
    exempt,
    async run() {
      if (exempt !== undefined)
        throw new Error(`not judged, ${exempt}: have it skipped where \`exempt\` is set`)
      const trial = new Trial(supply)
      try {
        await within(LONGEST_MS, name, prove(trial))
      } finally {
        await within(LONGEST_MS, `cleaning up after: ${name}`, trial.end())
      }
    },
  }
}
