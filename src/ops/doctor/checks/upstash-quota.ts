import type { UpstashCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { inWords } from '../in-words.js'
import { parseInfo, type Info } from '../info.js'
import { statusOf } from '../status-of.js'
import { isOverQuota, OVER_QUOTA_REMEDY } from '../upstash-refusal.js'
import type { UpstashPlan } from '../world.js'

const DAY_S = 86_400
/** The longest: what fits into it fits into the others. */
const DAYS_OF_A_MONTH = 31

export const upstashQuotaCheck: UpstashCheck = {
  on: 'upstash',
  id: 'UPS-001',
  group: 'connectivity',
  title: 'the plan has commands left',
  unit: '% of the plan',
  threshold: {
    warn: 80,
    fail: 95,
    source:
      'ours; fails as well when the service refuses for that reason; unknown until the project declares what the plan includes',
  },
  deadlineMs: 3000,
  async run(upstash, { upstashPlan }, threshold) {
    const { refusal, result } = await upstash.send('INFO')
    if (refusal !== null) return isOverQuota(refusal) ? usedUp(refusal) : notTold(refusal)
    const perDay = commandsPerDay(parseInfo(String(result)))
    if (typeof perDay === 'string') return { status: 'unknown', message: perDay }
    const { commands, days } = perDay
    const pace = `${Math.round(commands)} commands a day on average over ${inWords.time(days * DAY_S * 1000)}, as INFO counts them`
    const plan = tightest(upstashPlan)
    if (plan === null) {
      return {
        status: 'unknown',
        message: `${pace}; what the plan includes is not declared`,
        remediation: DECLARE,
      }
    }
    const value = (commands / plan.perDay) * 100
    const message = `${pace}: ${inWords.percent(value / 100)} of ${plan.words}`
    const status = statusOf(value, threshold)
    return { status, message, value, ...(status !== 'ok' && { remediation: TOO_MANY }) }
  },
}

/** Of the time since the counters began: a second of now says nothing about a month. */
function commandsPerDay(info: Info): { commands: number; days: number } | string {
  const [total, seconds] = [info.number('total_commands_processed'), info.number('uptime_in_seconds')]
  if (total === null || seconds === null)
    return 'INFO of this service does not count its commands; its console does'
  if (seconds < DAY_S) {
    return `it counts since ${inWords.time(seconds * 1000)}, and an average takes a day; its console knows more`
  }
  const days = seconds / DAY_S
  return { commands: total / days, days }
}

function tightest({ commandsPerDay: day, commandsPerMonth: month }: UpstashPlan) {
  const plans = [
    ...(day === undefined ? [] : [{ perDay: day, words: `the ${day} a day that are declared` }]),
    ...(month === undefined
      ? []
      : [{ perDay: month / DAYS_OF_A_MONTH, words: `the ${month} a month that are declared` }]),
  ]
  return plans.sort((a, b) => a.perDay - b.perDay)[0] ?? null
}

function usedUp(refusal: string): Finding {
  const [, limit] = /Limit: (\d{1,15})\b/.exec(refusal) ?? []
  return {
    status: 'FAIL',
    message: `the ${limit ? `${limit} ` : ''}commands of the plan are used up: every read and write is refused, and so is every limiter`,
    value: 100,
    remediation: OVER_QUOTA_REMEDY,
  }
}

function notTold(refusal: string): Finding {
  return { status: 'skip', message: `INFO is refused: ${refusal}` }
}

const DECLARE = {
  text: 'Declare what the plan includes: doctor.upstash.commandsPerMonth (or commandsPerDay) in the project file.',
  commands: ['cache explain UPS-001'],
}

const TOO_MANY = {
  text: 'Change the plan before it refuses everything at once, or send less: longer TTLs, fewer checks of limiters, no polling.',
}
