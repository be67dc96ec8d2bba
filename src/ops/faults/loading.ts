import { counted, difference } from './difference.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { PASS, type Rule, type Treatment } from './resp/rule.js'

const answer: Treatment = { kind: 'answer', line: '-LOADING Redis is loading the dataset in memory\r\n' }

const rule: Rule = (_request, command) => {
  if (!command.loading) return answer
  return command.name === 'info' ? { kind: 'change', change: sayLoading } : PASS
}

export const loading: Fault<TcpDoor> = {
  name: 'loading',
  summary:
    'Connections are accepted, but nearly every command is told to come back later, as after a restart.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['loading'],
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['commandsAnswered', 'repliesChanged'])
    const { commandsAnswered, repliesChanged } = counts
    return {
      witnessed: commandsAnswered + repliesChanged >= 1,
      evidence: `${counted(commandsAnswered, 'command')} answered LOADING; ${counted(repliesChanged, 'INFO')} said loading:1`,
      counts,
    }
  },
}

/** INFO of a server that loads: clients read it to find out when to try again. */
function sayLoading(reply: Buffer): Buffer {
  const head = /^([$=])\d+\r\n/.exec(reply.toString('latin1', 0, 32))
  if (!head) return reply
  const text = reply.toString('latin1', head[0].length, reply.length - 2)
  const section = /# Persistence\r\n(?:[^#\r\n][^\r\n]*\r\n)*/.exec(text)
  if (!section) return reply
  const loadingSection = section[0].replace('loading:0', 'loading:1') + progress()
  const changed =
    text.slice(0, section.index) + loadingSection + text.slice(section.index + section[0].length)
  return Buffer.from(`${head[1]}${changed.length}\r\n${changed}\r\n`, 'latin1')
}

/** Halfway, and a second to go, for as long as it lasts: that is how soon clients ask again. */
function progress(): string {
  const fields = {
    loading_start_time: Math.floor(Date.now() / 1000),
    loading_total_bytes: 1_000_000_000,
    loading_rdb_used_mem: 1_000_000_000,
    loading_loaded_bytes: 500_000_000,
    loading_loaded_perc: '50.00',
    loading_eta_seconds: 1,
  }
  return Object.entries(fields)
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('')
}
