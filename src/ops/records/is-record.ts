import { open } from 'node:fs/promises'
import { constants } from 'node:fs'
import { join } from 'node:path'
import { fileOf } from './place.js'

/** A record begins with its schema and its id. */
const HEAD_BYTES = 256

/**
 * Whether a run has written this file, by its first bytes: what is only called like a record is somebody's own. Follows no link, and
 * waits for no pipe.
 */
export async function isRecord(directory: string, id: string): Promise<boolean> {
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
    const handle = await open(join(directory, fileOf(id)), flags)
    try {
      if (!(await handle.stat()).isFile()) return false
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
      const head = buffer.toString('utf8', 0, bytesRead)
      const begins = /^\s*\{\s*"schema":\s*"cache\.record\/\d+",\s*"id":\s*"([^"]*)"/.exec(head)
      return begins?.[1] === id
    } finally {
      await handle.close()
    }
  } catch {
    return false
  }
}
