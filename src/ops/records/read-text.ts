import { open } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { Transform, type Readable } from 'node:stream'

/** A run with the whole history of every operation that it may have is half of it. */
export const LARGEST_MIB = 256

/** Why a file cannot be read, as the end of a sentence. */
export class Unreadable extends Error {}

/**
 * The text of a file, a pipe, or stdin for `-`.
 *
 * @throws Unreadable
 */
export async function readText(file: string, stdin: Readable = process.stdin): Promise<string> {
  try {
    return file === '-' ? await within(stdin) : await contentOf(file)
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new Unreadable(code === 'ENOENT' ? 'it is not there' : `it cannot be read (${code})`, { cause })
  }
}

async function contentOf(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const about = await handle.stat()
    if (about.isDirectory()) throw new Unreadable('it is a directory')
    // A device never comes to an end.
    if (about.isCharacterDevice() || about.isBlockDevice()) throw new Unreadable('it is a device')
    return await within(handle.createReadStream({ autoClose: false }))
  } finally {
    await handle.close()
  }
}

async function within(stream: Readable): Promise<string> {
  let left = LARGEST_MIB * 1024 * 1024
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= chunk.length
      if (left < 0) done(new Unreadable(`it is larger than ${LARGEST_MIB} MiB`))
      else done(null, chunk)
    },
  })
  stream.once('error', (error) => limit.destroy(error))
  return textOf(stream.pipe(limit))
}
