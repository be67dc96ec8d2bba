import ts from 'typescript'
import { all, bare, lastName } from '../syntax.js'
import { containersOf } from './containers.js'
import { wordsOf } from './words.js'

// What object mappers and drivers are asked for records with, and no key-value service.
const FINDS =
  /^(?:find(?:Unique|First|Many|One|All|ById|ByPk|OneBy|By|AndCountAll)\w*|get(?:Repository|Model))$/
const OF_TABLE = /^(?:from|collection|table|model)$/
const SQL = /\b(?:from|join)\s+["`]?\w*sessions?\b/i
const COUNTS = /^(?:usage|usages|quota|quotas|limit|limits|throttle|attempts)$/

const known = new WeakMap<ts.SourceFile, boolean>()

/** Whether a file asks a database for sessions: what Redis has of them is a copy, and a miss is made good. */
export function hasSessionsElsewhere(file: ts.SourceFile): boolean {
  const answer = known.get(file) ?? asksForSessions(file)
  known.set(file, answer)
  return answer
}

function asksForSessions(file: ts.SourceFile): boolean {
  if (!/session/i.test(file.text)) return false
  return (
    all(file, ts.isCallExpression).some(isOfSessions) ||
    all(file, isText).some(({ text }) => /\bselect\b/i.test(text) && SQL.test(text))
  )
}

/** `prisma.session.findUnique(…)`, `Session.findOne(…)`, `db.select().from(sessions)`, `supabase.from('sessions')`. */
function isOfSessions({ expression, arguments: [given] }: ts.CallExpression): boolean {
  const callee = bare(expression)
  if (!ts.isPropertyAccessExpression(callee)) return false
  if (FINDS.test(callee.name.text)) return namesSession(lastName(bare(callee.expression)))
  if (!OF_TABLE.test(callee.name.text) || given === undefined) return false
  const table = bare(given)
  return namesSession(ts.isStringLiteralLike(table) ? table.text : lastName(table))
}

/** What is counted in a session's name is a limit: a session that is not found has another reason to fail. */
export function countsUses(node: ts.Node): boolean {
  return containersOf(node).some(({ name }) => wordsOf(name).some((word) => COUNTS.test(word)))
}

function namesSession(name: string): boolean {
  return wordsOf(name).some((word) => word === 'session' || word === 'sessions')
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
}
