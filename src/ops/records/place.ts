import { randomBytes } from 'node:crypto'
import { RECORD_ID, TEMPORARY_RECORD } from '../config/record-id.js'

// Names of records and of what is made of them; everything else in their directory is somebody's own, and stays.

/**
 * Such as `20261129T021033Z-stall-3f9a2c`: sorted by name they are in the order in which the runs began, to the second. Those of
 * one second are in the same order every time, and it says nothing.
 */
export function makeId(startedAt: Date, name: string): string {
  const second = `${startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const word = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const short = word.slice(0, 40).replaceAll(/^-+|-+$/g, '')
  return `${second}-${short || 'run'}-${randomBytes(3).toString('hex')}`
}

export const fileOf = (id: string) => `${id}.json`
export const pageOf = (id: string) => `${id}.html`
/** While it is written, it is one that nobody reads. */
export const temporaryOf = (id: string) => `.${id}.tmp`

/** Null: no record is called so. */
export function idIn(fileName: string): string | null {
  const id = fileName.endsWith('.json') ? fileName.slice(0, -'.json'.length) : ''
  return RECORD_ID.test(id) ? id : null
}

export function isTemporary(fileName: string): boolean {
  return TEMPORARY_RECORD.test(fileName)
}
