import type { MethodReport } from '../../report/purge-report.js'
import { UsageError } from '../../report/errors.js'
import type { Catalogue } from '../families.js'
import { purgeCommands, type Given, type PurgeCommands } from './commands.js'
import { requireConfirmed } from './gates.js'
import { LEDGERS, type LedgerHeader } from './ledger-header.js'
import { readLedger } from './read-ledger.js'
import { readPlan, type PlanFile } from './plan-file.js'
import { describeRequest, methodOf, select, selectAgain, type Asked, type AskedMethod } from './request.js'
import type { Selection } from './selection.js'

export interface PurgeInput extends Asked, Given {
  /** Kinds of key that a glob may reach. */
  across: readonly string[]
  apply: boolean
  /** Write the plan to this file. */
  planTo?: string | undefined
  method: AskedMethod
  confirm?: string | undefined
  catalogue: Catalogue
  /** Whether somebody can be asked for the target's name. */
  canAsk: boolean
}

/** A purge whose request is sound, before anything is sent to a server. */
export interface PreparedPurge extends PurgeInput {
  mode: 'dry-run' | 'plan' | 'apply'
  selection: Selection
  how: MethodReport
  /** In words, such as `delete the keys of conv`. */
  what: string
  ledgers: string
  plan: PlanFile | null
  unfinished: LedgerHeader | null
  /** Somebody has to be asked before the first key is touched. */
  asks: boolean
  commands: PurgeCommands
}

/**
 * @throws UsageError for what cannot be meant; SafetyError for a plan that was changed, or where a name must be given and
 * nobody can be asked for it
 */
export async function preparePurge(input: PurgeInput): Promise<PreparedPurge> {
  const { planFrom, planTo, resume, catalogue, named, confirm } = input
  requireOneWay(input)
  const plan = planFrom === undefined ? null : await readPlan(planFrom)
  const unfinished = resume === undefined ? null : (await readLedger(resume)).header
  const before = plan ?? unfinished
  const selection = before ? selectAgain(before.selection, catalogue) : select(input, catalogue)
  const how = before?.method ?? methodOf(input.method)
  const isApplied = input.apply || before !== null
  const { target } = named
  const needsName = isApplied && target.production
  const asks = needsName && confirm === undefined && input.canAsk
  const commands = purgeCommands(input, selection.asked, how)
  const what = describeRequest(selection.asked, how)
  if (needsName && !asks) requireConfirmed(target, what, confirm, commands.apply(input.across))
  return {
    ...input,
    mode: isApplied ? 'apply' : planTo === undefined ? 'dry-run' : 'plan',
    selection,
    how,
    what,
    ledgers: input.ledgers ?? LEDGERS,
    plan,
    unfinished,
    asks,
    commands,
  }
}

function requireOneWay(input: PurgeInput): void {
  const { apply, planTo, planFrom, resume, family, match, where, method, undo, ledgers } = input
  const ways = { '--apply': apply, '--plan': planTo, '--apply-plan': planFrom, '--resume': resume }
  const given = Object.entries(ways).flatMap(([flag, value]) => (value ? [flag] : []))
  if (given.length > 1) {
    throw new UsageError('CONFLICTING_FLAGS', `${given.join(' and ')} contradict each other.`, [
      'leave one of them out',
    ])
  }
  if (planFrom === undefined && resume === undefined) return
  const fixed = {
    [`the family ${family}`]: family !== undefined,
    '--match': match !== undefined,
    '--where': where.length > 0,
    '--method fade': method.kind !== 'unlink',
    '--over': method.overMs !== undefined,
    '--max-rate': method.maxRate !== undefined,
    ...(resume !== undefined && { '--no-undo': !undo, '--ledger': ledgers !== undefined }),
  }
  const extra = Object.entries(fixed).find(([, isGiven]) => isGiven)
  if (!extra) return
  const by = resume === undefined ? 'the plan' : 'the ledger'
  throw new UsageError(
    'CONFLICTING_FLAGS',
    `${given[0]} does what ${by} says, so ${extra[0]} is one too many.`,
    ['leave it out'],
  )
}
