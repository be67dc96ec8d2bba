import { timeToFallbackOf } from '../../../client-options/index.js'
import { settingsOf, type ClientSettings } from '../../recognise/client-settings.js'
import type { Construction } from '../../recognise/clients.js'
import { valueOf } from '../../recognise/option-values.js'
import type { RuleContext, Violation } from '../../rule.js'
import { describeWaits } from './waits.js'

const DEFAULT_MS = timeToFallbackOf('upstash').timeToFallback.refused.worstMs!

/**
 * Requests are repeated for longer than the client does of its own accord. A client with default options is left to
 * `cache doctor`: it fails after 4.3 s when it is refused, and keeps no connection that a process must look after.
 */
export function unboundedUpstash(
  { node }: Construction,
  settings: ClientSettings,
  context: RuleContext,
): Violation | undefined {
  const retry = settings.values.get('retry')
  if (!retry) return undefined
  const retries = valueOf(settingsOf([retry], context).values.get('retries'))
  if (typeof retries !== 'number' || !Number.isInteger(retries) || retries < 0) return undefined
  const { refused } = timeToFallbackOf('upstash', { retries }).timeToFallback
  if (refused.worstMs! <= DEFAULT_MS) return undefined
  const isBounded = settings.values.has('signal') || settings.isOpen
  const isHere = retry.getSourceFile() === node.getSourceFile()
  return {
    node: isHere ? retry.parent : node,
    message: `Worst-case time to fallback: ${describeWaits([{ client: '@upstash/redis', wait: refused }])} of pauses when requests fail, because of ${refused.because}${
      isBounded ? '' : '; never while it accepts and does not answer, because no signal is set'
    }.`,
    remedy: 'Set `retry: { retries: 0 }` and `signal: () => AbortSignal.timeout(300)`.',
    ...(isHere && { related: [{ node, what: 'the client' }] }),
  }
}
