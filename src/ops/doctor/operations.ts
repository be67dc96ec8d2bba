import type { Interval } from './interval.js'

/** Commands that are about no key. What they run, such as the inside of a script, is counted by itself. */
const ABOUT_NO_KEY = new Set(
  (
    'ping echo hello auth select reset quit info role time dbsize lastsave scan randomkey keys wait monitor ' +
    'eval eval_ro evalsha evalsha_ro fcall fcall_ro multi exec discard unwatch publish subscribe psubscribe ' +
    'unsubscribe punsubscribe replconf psync client config acl slowlog latency command cluster script function module'
  ).split(' '),
)

/** Commands on keys, per second; null when the service does not count them, or its counters were reset meanwhile. */
export function operationsPerSecond({ before, after, seconds }: Interval): number | null {
  if (!before.commands || !after.commands) return null
  let operations = 0
  for (const [name, { calls }] of after.commands) {
    if (ABOUT_NO_KEY.has(name.split('|')[0]!)) continue
    const grown = calls - (before.commands.get(name)?.calls ?? 0)
    if (grown < 0) return null
    operations += grown
  }
  return operations / seconds
}
