import type ts from 'typescript'
import { timeToFallbackOf } from '../../../client-options/index.js'
import { worstOf } from '../../../client-options/time-to-fallback.js'
import type { ClientSettings } from '../../recognise/client-settings.js'
import type { Construction } from '../../recognise/clients.js'
import { valueOf, type ReadValue } from '../../recognise/option-values.js'
import { boundCommands } from '../../fixes/bound-commands.js'
import type { RuleContext, Violation } from '../../rule.js'
import { describeWaits } from './waits.js'

const MAJORS = [
  { client: 'ioredis 5', library: 'ioredis@5' },
  { client: 'ioredis 6', library: 'ioredis@6' },
] as const

const TIMES = ['commandTimeout', 'socketTimeout', 'connectTimeout'] as const
const REMEDY =
  'Set `commandTimeout` (100 ms is much for a cache), `maxRetriesPerRequest: 0` and `enableOfflineQueue: false`; give a job queue a connection of its own.'

/** A command on this connection may wait for ever; undefined when it may not, or when what decides is not in the code. */
export function unboundedIoredis(
  made: Construction,
  settings: ClientSettings,
  context: RuleContext,
): Violation | undefined {
  const read = (name: string) => valueOf(settings.values.get(name))
  const retries = read('maxRetriesPerRequest')
  if (read('commandTimeout') === 'unread') return undefined
  // What is passed in may bound it; retries without end are what somebody meant.
  if (settings.isOpen && retries !== null) return undefined
  if (read('socketTimeout') !== undefined && retries === 'unread') return undefined

  const options = optionsFrom(read)
  const judged = MAJORS.map(({ client, library }) => ({
    client,
    ...timeToFallbackOf(library, options).timeToFallback,
  }))
  if (judged.some((each) => worstOf(each) !== null)) return undefined
  const at = decidingOption(settings, retries)
  const isHere = at?.getSourceFile() === made.node.getSourceFile()
  const { refused, stalled } = judged[0]!
  // A job queue demands endless retries, and its blocking commands wait on purpose.
  const fix = retries === null ? undefined : boundCommands(made, context)
  const whenRefused =
    retries === 'unread' || settings.values.has('retryStrategy') || made.isCluster
      ? 'when it refuses, as long as its retry settings allow'
      : refused.worstMs === 0
        ? 'when it refuses, commands fail at once'
        : `when it refuses, ${describeWaits(judged.map((each) => ({ client: each.client, wait: each.refused })))}, because ${refused.because}`
  return {
    node: at && isHere ? at : made.node,
    message:
      refused.worstMs === null
        ? 'Worst-case time to fallback: never. Commands wait in the offline queue until Redis is back, and so does every request that reads the cache.'
        : `Worst-case time to fallback: never while Redis accepts and does not answer, because ${stalled.because}; ${whenRefused}.`,
    remedy: REMEDY,
    ...(fix && { fix }),
    ...(refused.worstMs !== null && boundsRefusal(settings, retries) && { severity: 'warn' }),
    ...(at && {
      related: [isHere ? { node: made.node, what: 'the connection' } : { node: at, what: 'its options' }],
    }),
  }
}

/** Whether somebody has bounded what a Redis costs that is gone, and only thought of none that hangs. */
function boundsRefusal({ values }: ClientSettings, retries: ReadValue): boolean {
  return isTime(retries) || values.has('retryStrategy') || valueOf(values.get('enableOfflineQueue')) === false
}

/** The values that the formulas know; what is not in the code is left to its default, which the caller has thought of. */
function optionsFrom(read: (name: string) => ReadValue): Record<string, number | boolean | null> {
  const options: Record<string, number | boolean | null> = {}
  for (const name of TIMES) {
    const value = read(name)
    if (isTime(value)) options[name] = value
    // Any time stands for one that is not in the code: whether it is set decides, and not how long it is.
    else if (value === 'unread' && name === 'socketTimeout') options[name] = 1
  }
  const retries = read('maxRetriesPerRequest')
  if (retries === null || (isTime(retries) && Number.isInteger(retries)))
    options['maxRetriesPerRequest'] = retries
  const queue = read('enableOfflineQueue')
  if (typeof queue === 'boolean') options['enableOfflineQueue'] = queue
  return options
}

function isTime(value: ReadValue): value is number {
  return typeof value === 'number' && value >= 0
}

/** What looks like a bound and is none, or takes one away; undefined when nothing was said, and the defaults are at fault. */
function decidingOption({ values }: ClientSettings, retries: ReadValue): ts.Node | undefined {
  const deciding =
    retries === null
      ? ['maxRetriesPerRequest']
      : ['enableOfflineQueue', 'maxRetriesPerRequest', 'retryStrategy', 'socketTimeout']
  for (const name of deciding) {
    const value = values.get(name)
    if (value) return value.parent
  }
  return undefined
}
