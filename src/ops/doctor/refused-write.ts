import type { OperatorError } from '../../library/backends/operator-error.js'
import type { Finding } from './finding.js'

const REASONS: Record<string, { why: string; text: string; commands: string[] }> = {
  OOM: {
    why: 'the server is full (OOM)',
    text: 'Let it evict, or give it more memory: a cache may lose anything.',
    commands: ['redis-cli CONFIG SET maxmemory-policy allkeys-lru'],
  },
  READONLY: {
    why: 'the server is a replica (READONLY)',
    text: 'Point REDIS_URL at the primary; after a failover clients must connect again.',
    commands: ['redis-cli ROLE'],
  },
  NOPERM: {
    why: 'the ACL of this user forbids it (NOPERM)',
    text: 'If the application uses the same user, allow it; else run doctor as the application does.',
    commands: ['redis-cli ACL WHOAMI', 'redis-cli ACL LOG 5'],
  },
  MISCONF: {
    why: 'it could not save its data and stops writes for that (MISCONF)',
    text: 'Free the disk that it saves to; a pure cache needs no snapshots at all.',
    commands: ['redis-cli INFO persistence', 'redis-cli CONFIG SET stop-writes-on-bgsave-error no'],
  },
  NOREPLICAS: {
    why: 'too few replicas are connected (NOREPLICAS)',
    text: 'Bring the replicas back, or lower min-replicas-to-write.',
    commands: ['redis-cli INFO replication'],
  },
  CLUSTERDOWN: {
    why: 'the cluster has slots that nobody serves (CLUSTERDOWN)',
    text: 'Bring the missing node, or a replica of it, back.',
    commands: ['redis-cli CLUSTER NODES'],
  },
  MOVED: {
    why: 'their keys belong to another node of the cluster, and this client asks no other (MOVED)',
    text: 'Give limiters and cache a server of their own, or a proxy that speaks for the whole cluster (CLU-001).',
    commands: [],
  },
  LOADING: {
    why: 'it is loading its data (LOADING)',
    text: 'Wait until it has loaded its data.',
    commands: [],
  },
}

/** Why a write is refused with this word, and what helps; null for a word that means something else. */
export function reasonOf(word: string): { why: string; text: string; commands: string[] } | null {
  return REASONS[word] ?? null
}

/** A server that says PONG and refuses to write; null when the error is of another kind. */
export function refusedWrite(error: OperatorError, command: 'SET' | 'EVAL'): Finding | null {
  if (isAboutKeys(error)) return notOurKeys(command)
  if (error.code === 'MOVED' || error.code === 'ASK') return anotherNode(command)
  const { code, message } = error
  // An error of a command inside a script comes with the script's own code around it.
  const found =
    REASONS[code] ?? Object.entries(REASONS).find(([name]) => code === 'ERR' && message.includes(name))?.[1]
  if (!found) return null
  const effect =
    command === 'SET'
      ? 'reads still hit, nothing new is stored, and every miss goes to Supabase'
      : 'limiters fail while the cache looks healthy, so with fail-open nobody is limited'
  const { why, text, commands } = found
  return {
    status: 'FAIL',
    message: `PONG, but ${command} is refused: ${why}; ${effect}`,
    remediation: { text, commands },
  }
}

/** Its own keys this node may well take. */
function anotherNode(command: 'SET' | 'EVAL'): Finding {
  return {
    status: 'unknown',
    message: `the key that ${command} is tried with belongs to another node of the cluster; of this one that says nothing`,
    remediation: { text: 'Ask again: each run has keys of its own.' },
  }
}

/** The command is allowed, and the key that it names is not. */
function isAboutKeys({ code, message }: OperatorError): boolean {
  return code === 'NOPERM' && /\bkeys?\b/.test(message)
}

/** As it should be of a user that has its own keys and no others; of those this says nothing. */
function notOurKeys(command: 'SET' | 'EVAL'): Finding {
  return {
    status: 'unknown',
    message: `this user may not touch cache:doctor:*, where ${command} is tried; of its own keys that says nothing`,
    remediation: { text: 'To have it tried, allow this user the pattern ~cache:doctor:* as well.' },
  }
}
