import { parseDuration } from '../config/duration.js'
import { nearest } from '../report/nearest.js'
import { badRunbook } from './bad-runbook.js'
import { parseExpectation, type Expectation } from './expectation.js'
import type { DeclaredVariable } from './runbook.js'

/** What a step may take when its fence does not say. */
export const DEFAULT_TIMEOUT_MS = 60_000
const LONGEST_TIMEOUT_MS = 3_600_000
const MOST_ATTEMPTS = 5

/** What the words behind the language of a fence say. */
export interface Attributes {
  name?: string
  timeoutMs: number
  attempts: number
  manual: boolean
  cleanup: boolean
  expectations: Expectation[]
  env: DeclaredVariable[]
  requires: string[]
}

const WITH_VALUE = ['name', 'timeout', 'attempts', 'expect', 'env', 'requires']
const WITHOUT_VALUE = ['manual', 'cleanup']
const word = /([^\s=]+)(?:=("[^"]*"|'[^']*'|\S*))?/g

/** @throws UsageError naming the line, for a word that is no attribute or a value that it does not take */
export function parseAttributes(info: string, where: { path: string; line: number }): Attributes {
  const attributes: Attributes = {
    timeoutMs: DEFAULT_TIMEOUT_MS,
    attempts: 1,
    manual: false,
    cleanup: false,
    expectations: [],
    env: [],
    requires: [],
  }
  for (const [whole, key = '', quoted] of info.matchAll(word)) {
    const value = quoted?.replace(/^(["'])(.*)\1$/s, '$2')
    if (WITHOUT_VALUE.includes(key) && value === undefined) attributes[key as 'manual' | 'cleanup'] = true
    else if (WITH_VALUE.includes(key) && value) take(attributes, key, value, where)
    else throw notAnAttribute(key, whole, where)
  }
  return attributes
}

function take(attributes: Attributes, key: string, value: string, where: { path: string; line: number }) {
  const list = value.split(/[\s,]+/).filter(Boolean)
  switch (key) {
    case 'name':
      attributes.name = value
      break
    case 'timeout':
      attributes.timeoutMs = timeout(value, where)
      break
    case 'attempts':
      attributes.attempts = attempts(value, where)
      break
    case 'expect':
      attributes.expectations.push(parseExpectation(value, where))
      break
    case 'env':
      attributes.env.push(...list.map((item) => variable(item, where)))
      break
    case 'requires':
      attributes.requires.push(...list)
      break
  }
}

function timeout(text: string, where: { path: string; line: number }): number {
  const ms = parseDuration(text)
  if (ms !== null && ms >= 100 && ms <= LONGEST_TIMEOUT_MS) return ms
  throw badRunbook('RUNBOOK_BAD_ATTRIBUTE', where, `timeout=${text} is not a time from 100ms to 1h.`, [
    'timeout=30s',
  ])
}

function attempts(text: string, where: { path: string; line: number }): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= MOST_ATTEMPTS) return count
  throw badRunbook(
    'RUNBOOK_BAD_ATTRIBUTE',
    where,
    `attempts=${text} is not a whole number from 1 to ${MOST_ATTEMPTS}.`,
    ['attempts=3'],
  )
}

function variable(item: string, where: { path: string; line: number }): DeclaredVariable {
  const [, name, optional, fallback] = /^([A-Za-z_]\w*)(?:(\?)|=(.*))?$/s.exec(item) ?? []
  if (name === undefined) {
    throw badRunbook('RUNBOOK_BAD_ATTRIBUTE', where, `env=${item} does not name a variable.`, [
      'env=REDIS_URL, env=REDIS_URL? or env=REDIS_PORT=6379',
    ])
  }
  return { name, optional: optional !== undefined, ...(fallback !== undefined && { fallback }) }
}

function notAnAttribute(key: string, whole: string, where: { path: string; line: number }): Error {
  if (WITHOUT_VALUE.includes(key)) {
    return badRunbook('RUNBOOK_BAD_ATTRIBUTE', where, `${key} takes no value.`, [key])
  }
  if (WITH_VALUE.includes(key)) {
    return badRunbook('RUNBOOK_BAD_ATTRIBUTE', where, `${whole} has no value.`, [`${key}=VALUE`])
  }
  const known = [...WITH_VALUE.map((name) => `${name}=`), ...WITHOUT_VALUE]
  const meant = nearest(key, [...WITH_VALUE, ...WITHOUT_VALUE])
  return badRunbook('RUNBOOK_UNKNOWN_ATTRIBUTE', where, `'${key}' is no attribute of a step.`, [
    meant === undefined
      ? `the attributes are ${known.join(', ')}; a block that is not to run is marked \`text\``
      : whole.replace(key, meant),
  ])
}
