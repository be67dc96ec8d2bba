import { writeCursor, type Paged } from '../cursor.js'
import type { Conversation } from './conversation.js'
import { isRowId, type MessageRow } from './conversation-row.js'
import type { Page } from './conversation-store.js'

/** The end of the year 9999 in ms: what Postgres and JavaScript write alike. */
const LAST_MS = 253_402_300_799_999

const LARGEST_INTEGER = 2_147_483_647

/** Latest change first. */
export const CONVERSATIONS: Paged<readonly [updatedMs: number, id: string]> = {
  list: 'conversations',
  isPosition: (fields): fields is readonly [number, string] =>
    fields.length === 2 && isWhole(fields[0], 0, LAST_MS) && isRowId(fields[1]),
}

/** Of one conversation, oldest first. */
export const MESSAGES: Paged<readonly [position: number]> = {
  list: 'messages',
  isPosition: (fields): fields is readonly [number] =>
    fields.length === 1 && isWhole(fields[0], 1, LARGEST_INTEGER),
}

export const afterConversation = ({ updatedAt, id }: Conversation) =>
  writeCursor(CONVERSATIONS, [updatedAt.getTime(), id])

export const afterMessage = ({ position }: MessageRow) => writeCursor(MESSAGES, [position])

/** @param found one more than the limit where there is a next page */
export function pageOf<T>(found: T[], limit: number, after: (last: T) => string): Page<T> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const isLastPage = found.length <= limit || last === undefined
  return { items, nextCursor: isLastPage ? null : after(last) }
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
}
