import type { Rule } from '../rule.js'
import { clockIn } from './r15/clock.js'
import { usesAsTime } from './r15/lua.js'
import { scriptCallsIn } from './r15/script-calls.js'

/** R15: a script that needs the time asks Redis for it. */
export const redisTime: Rule = {
  id: 'R15',
  title: 'scripts take the time from Redis',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    for (const { call, lua, args } of scriptCallsIn(file, context)) {
      let isWell = true
      for (const { node, index } of args) {
        const clock = clockIn(node, context)
        if (!clock) continue
        const use = lua !== undefined && index !== undefined ? usesAsTime(lua, index) : 'unknown'
        if (use === 'no') continue
        isWell = false
        yield {
          node,
          message:
            'The clock of this process decides in the script: instances whose clocks differ undo each other, so that a limit lets too many through, and a lock or entry ends too early.',
          remedy: "Ask in the script, `local t = redis.call('TIME')`, and pass durations only.",
          ...(use === 'unknown' && { confidence: 'medium' }),
          ...(clock !== node && { related: [{ node: clock, what: 'the clock is read here' }] }),
        }
      }
      if (isWell && lua !== undefined && /call\(\s*['"]TIME['"]/i.test(lua))
        yield { node: call, site: 'conforms', what: 'the script reads the clock of Redis' }
    }
  },
}
