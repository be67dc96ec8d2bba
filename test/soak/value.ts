import { isDeepStrictEqual } from 'node:util'
import { kindOf } from './keys.js'

/** What the source holds: each part tells key and version, so that any mixture is seen. */
export interface Value {
  key: string
  version: number
  changed: Date
  body: string
}

export function valueOf(key: string, version: number): Value {
  return { key, version, changed: new Date(1.7e12 + version * 1001), body: `${key} ${version} `.repeat(3) }
}

/** Whether the source, at this version, says that there is nothing. */
export function isNothing(key: string, version: number): boolean {
  return kindOf(key).mayBeNothing && version % 6 === 4
}

/** The version of an answer; a description of it when it is not what the source holds at that version. */
export function versionOf(key: string, answer: unknown): number | string {
  const version = (answer as Partial<Value>)?.version
  const isRight = typeof version === 'number' && isDeepStrictEqual(answer, valueOf(key, version))
  return isRight && !isNothing(key, version) ? version : JSON.stringify(answer)
}
