import { SafetyError } from '../report/errors.js'
import { SCAN_COUNT } from './pace.js'

/** Told before the first of them is sent. */
export interface CostEvent {
  type: 'cost'
  commands: number
}

/** Who counts the commands that somebody pays for. */
export interface Billing {
  /** Since the connection was made. */
  readonly commandsSent: number
}

/** PTTL, TYPE and MEMORY USAGE. */
const PER_KEY = 3
const AFFORDABLE = 20_000

interface CostOptions {
  databaseKeys: number
  perFamily: number
  /** Families, and the orphans. */
  kinds: number
  noTtl: boolean
  gentle: boolean
  limit: number | null
}

/** How many commands a pass sends at most, unless keys are added meanwhile or the service returns fewer at a time. */
export function foreseeCost({ databaseKeys, perFamily, kinds, noTtl, gentle, limit }: CostOptions): number {
  const keys = Math.min(databaseKeys, limit ?? Infinity)
  const pages = Math.ceil(keys / SCAN_COUNT[gentle ? 'gentle' : 'full']) + 1
  // A later key may take the place of an earlier one, which was measured as well: harmonic growth.
  const each = Math.max(1, keys / kinds)
  const replaced = each > perFamily ? perFamily * Math.log(each / perFamily) : 0
  const measured = Math.min(keys, Math.ceil((perFamily + replaced) * kinds))
  return pages + (noTtl ? keys : 0) + measured * PER_KEY
}

/** @throws SafetyError with the flag that lets it through */
export function requireAffordable(commands: number, most: number = AFFORDABLE): void {
  if (commands <= most) return
  const shown = commands.toLocaleString('en-US')
  throw new SafetyError(
    'COSTS_TOO_MUCH',
    `This pass would send about ${shown} commands, which Upstash counts one by one; at most ${most.toLocaleString('en-US')} are allowed.`,
    [
      `to go on: --max-commands ${commands}`,
      'or measure fewer: --sample 50',
      'or look at a part: --limit 5000',
    ],
  )
}
