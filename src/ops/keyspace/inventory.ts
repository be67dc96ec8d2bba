import type { Family } from '../../library/families/families.js'
import type { ReportError, Verdict } from '../report/report.js'
import { asReportError } from './as-report-error.js'
import { everySecond, type ProgressEvent } from './every-second.js'
import type { Catalogue } from './families.js'
import { FAMILY_RULES, findInFamily, findOrphans } from './findings.js'
import type { FamilyReport, KeyFinding, KeysReport, Rule } from '../report/keys-report.js'
import { Pass } from './pass.js'
import { toEnvironmentError, type NamedServer, type Server } from './server.js'
import type { Tally } from './tally.js'
import { reportTarget } from './target-report.js'

export interface InventoryOptions {
  catalogue: Catalogue
  /** Only this family. */
  family?: Family | null
  /** Only keys that this glob matches. */
  match?: string | null
  /**
   * Keys measured per family; Infinity for all. @default all in a database of up to 50 000 keys, or when `failOn` depends
   * on it, else 1000
   */
  perFamily?: number
  /** Decides which. @default 1 */
  seed?: number
  limit?: number | null
  failOn?: readonly Rule[]
  gentle?: boolean
  signal?: AbortSignal | undefined
  onEvent?: ((event: ProgressEvent) => void) | undefined
}

/**
 * What is in a database, by family: one non-blocking pass that counts every key and measures a sample of each family.
 *
 * Never rejects once the pass has begun: what broke it off is the report's `error`, beside what was seen until then;
 * an abort leaves a report whose `scan.complete` is false. Without `failOn` the verdict passes when the pass got through,
 * or to the `limit` that was asked for.
 *
 * @throws EnvironmentError when not even DBSIZE is answered
 */
export async function inspectKeys(
  server: Server,
  named: NamedServer,
  options: InventoryOptions,
): Promise<KeysReport> {
  const { catalogue, family = null, match = null, seed = 1, limit = null, failOn = [] } = options
  const begun = performance.now()
  const databaseKeys = await databaseSize(server)
  const perFamily = options.perFamily ?? defaultSample(databaseKeys, failOn)
  const pass = new Pass({
    client: server.client,
    catalogue,
    family,
    match,
    perFamily,
    seed,
    limit,
    gentle: options.gentle ?? false,
    signal: options.signal,
    onProgress: everySecond((keysSeen, perSecond) =>
      options.onEvent?.({ type: 'progress', phase: 'scanning', done: keysSeen, of: databaseKeys, perSecond }),
    ),
  })
  const error = await brokenOffBy(pass)
  const asked = family ? [family] : catalogue.families
  const findings = [
    ...asked.flatMap((each) => findInFamily(each, pass.tallyOf(each), failOn)),
    ...findOrphans(pass.orphans, failOn),
  ]
  return {
    schema: 'cache.keys/1',
    command: 'keys',
    verdict: error
      ? 'inconclusive'
      : verdictOf(findings, failOn, pass.complete, options.signal?.aborted === true),
    ...(error && { error }),
    ...(options.signal?.aborted && { interrupted: true as const }),
    target: reportTarget(server, named.url),
    scan: {
      keysSeen: pass.keysSeen,
      repeated: pass.repeated,
      databaseKeys,
      complete: pass.complete,
      cursor: pass.cursor,
      durationMs: Math.round(performance.now() - begun),
      match,
      family: family?.id ?? null,
    },
    sample: { perFamily: Number.isFinite(perFamily) ? perFamily : 'all', seed, confidence: 0.95 },
    families: asked.map((each) => reportFamily(each, pass.tallyOf(each), pass.keysSeen)),
    orphans: { ...pass.orphans.report(pass.keysSeen), groups: pass.orphanGroups.list().slice(0, 50) },
    findings,
    failOn: [...failOn],
  }
}

/** Measuring 50 000 keys takes a second or two; a gate that looks at a sample only would be a lottery. */
function defaultSample(databaseKeys: number, failOn: readonly Rule[]): number {
  return databaseKeys <= 50_000 || failOn.some((rule) => rule !== 'orphans') ? Infinity : 1000
}

function reportFamily(family: Family, tally: Tally, allKeys: number): FamilyReport {
  const having = (rule: keyof typeof FAMILY_RULES) => tally.having(FAMILY_RULES[rule](family)).keys
  return {
    family: family.id,
    pattern: family.pattern.text,
    ...tally.report(allKeys),
    ttlDeclaredSeconds: family.ttlSeconds,
    ttlAbove: family.ttlSeconds === null ? null : having('ttl-above'),
    wrongType: family.type === null ? null : having('wrong-type'),
  }
}

/** What was asked for and found is a failure, also in half a pass; half a pass that found nothing proves nothing. */
function verdictOf(
  findings: readonly KeyFinding[],
  failOn: readonly Rule[],
  complete: boolean,
  aborted: boolean,
): Verdict {
  if (findings.some(({ fails }) => fails)) return 'fail'
  return complete || (failOn.length === 0 && !aborted) ? 'pass' : 'inconclusive'
}

async function databaseSize({ client }: Server): Promise<number> {
  try {
    return Number(await client.send('DBSIZE'))
  } catch (error) {
    throw toEnvironmentError(error)
  }
}

async function brokenOffBy(pass: Pass): Promise<ReportError | null> {
  try {
    await pass.run()
    return null
  } catch (error) {
    return asReportError(error)
  }
}
