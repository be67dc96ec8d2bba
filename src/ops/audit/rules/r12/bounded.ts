import ts from 'typescript'
import type { Command } from '../../recognise/keys/commands.js'
import { textOf, type Spelling } from '../../recognise/keys/spelling.js'
import { wordsOf } from '../../recognise/words.js'
import { bare, lastName } from '../../syntax.js'

// The number of a version is compared, never read as data: a key that expired would bring an old version back.
const LASTING =
  /^(?:versions?|generations?|epoch|revision|sequence|seq|totals?|stats?|statistics|metrics?|counts?|counters?|usage|views|visits|hits|likes|leaderboard|rankings?)$/
const PROGRESS =
  /^(?:last|cursor|checkpoint|offset|timestamp|watermark|partition|progress|started|processed|enabled|disabled|paused|flags?|maintenance|backfill|migration|migrated)$/

/** Whether a key that stays is meant to: one register for all, or numbers that have no other home. */
export function isBounded({ name, written, args }: Command, spellings: readonly Spelling[]): boolean {
  const isOneKey = spellings.length > 0 && spellings.every((each) => !each.includes(null))
  const names = (words: RegExp) =>
    spellings.some((each) => wordsOf(textOf(each)).some((word) => words.test(word)))
  if (written === 'counter') return isOneKey || names(LASTING)
  // A hash under one key is where caches keep a field for each user.
  if (written === 'collection') return isOneKey && !name.startsWith('h')
  return isOneKey && (names(PROGRESS) || isScalar(args[1]))
}

/** A number, a flag or a time: what a job remembers, and no copy of anything. */
function isScalar(value: ts.Expression | undefined): boolean {
  const inner = value && bare(value)
  if (!inner) return false
  if (ts.isCallExpression(inner))
    return /^(?:String|now|toString|toISOString|getTime)$/.test(lastName(inner.expression))
  return (
    (ts.isLiteralExpression(inner) && inner.text.length < 40) ||
    inner.kind === ts.SyntaxKind.TrueKeyword ||
    inner.kind === ts.SyntaxKind.FalseKeyword
  )
}
