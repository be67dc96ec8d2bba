import { createHash } from 'node:crypto'
import type { Viewer } from '../report/drill-history.js'

export type { Viewer }

/** What a key of the drill stands for in a subject that keeps records in Supabase. */
export interface DrillRecord {
  key: string
  /** `login`: whether a user may still act; it is kept in the policy of a tenant of his own. */
  kind: 'conversation' | 'policy' | 'config' | 'login'
  /** Of the conversation, else the tenant, which is then also the user. */
  id: string
  tenantId: string
  /** Of a conversation: its owner. */
  ownerId: string
  /** Readable by the whole tenant until it is changed, which then revokes that. */
  isRevocable: boolean
}

const KINDS = ['conversation', 'policy', 'config', 'login'] as const

/** The same record for the same key, in every process. */
export function recordOf(key: string): DrillRecord {
  const [, group, index] = key.split(':')
  const kind = KINDS[Number(index) % KINDS.length] ?? 'policy'
  const id = uuidOf(`id of ${key}`)
  return {
    key,
    kind,
    id,
    tenantId: kind === 'conversation' ? uuidOf(`tenant of ${key}`) : id,
    ownerId: uuidOf(`owner of ${key}`),
    isRevocable: group === 'revoked',
  }
}

/** Of any four reads of a conversation, two are its owner's. */
const TURNS: readonly Viewer[] = ['owner', 'stranger', 'owner', 'outsider']

export function viewerOf(turn: number): Viewer {
  return TURNS[turn % TURNS.length] ?? 'owner'
}

/** What the session of such a viewer says. */
export function sessionOf(
  { tenantId, ownerId }: DrillRecord,
  viewer: Viewer,
): { tenantId: string; userId: string } {
  if (viewer === 'owner') return { tenantId, userId: ownerId }
  const userId = `not-${ownerId}`
  return viewer === 'stranger' ? { tenantId, userId } : { tenantId: `not-${tenantId}`, userId }
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** The ids in the address of a question to Supabase. */
export function idsIn(address: string): string[] {
  return address.match(UUID) ?? []
}
