import type { FileHandle } from 'node:fs/promises'

const CHUNK = 1024 * 1024
const NEWLINE = 0x0a

/** The lines of a file from the last to the first, without the one that a crash may have cut off at the end. */
export async function* readBackwards(file: FileHandle): AsyncGenerator<string> {
  let { size: end } = await file.stat()
  /** What comes after the newline that is looked for, latest first. */
  let later: Buffer[] = []
  let whole = false
  while (end > 0) {
    const from = Math.max(0, end - CHUNK)
    const chunk = await readExactly(file, from, end - from)
    let upTo = chunk.length
    for (
      let at = chunk.lastIndexOf(NEWLINE);
      at !== -1;
      at = at === 0 ? -1 : chunk.lastIndexOf(NEWLINE, at - 1)
    ) {
      if (whole) yield textOf(chunk.subarray(at + 1, upTo), later)
      whole = true
      later = []
      upTo = at
    }
    later.push(chunk.subarray(0, upTo))
    end = from
  }
  if (whole) yield textOf(Buffer.alloc(0), later)
}

function textOf(first: Buffer, later: readonly Buffer[]): string {
  return Buffer.concat([first, ...later.toReversed()]).toString()
}

async function readExactly(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const chunk = Buffer.alloc(length)
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(chunk, at, length - at, from + at)
    if (bytesRead === 0) return chunk.subarray(0, at)
    at += bytesRead
  }
  return chunk
}
