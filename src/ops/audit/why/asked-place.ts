import { readFileSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { UsageError } from '../../report/errors.js'

/** A line of a file that exists. */
export interface AskedPlace {
  /** Absolute. */
  file: string
  line: number
}

/** @throws UsageError for anything but `FILE:LINE` with a file that is there and has that line */
export function askedPlace(text: string, cwd: string): AskedPlace {
  const match = /^(.+?):(\d+)(?::\d+)?$/.exec(text)
  if (!match) {
    throw new UsageError('NO_LINE', `--why '${text}' names no line.`, [
      `--why ${text === '' ? 'src/cache.ts' : text.replace(/:+$/, '')}:12`,
    ])
  }
  const [, name = '', number = ''] = match
  const file = resolve(cwd, name)
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat) throw new UsageError('NO_SUCH_PATH', `There is no file '${name}'.`)
  if (!stat.isFile()) throw new UsageError('NO_FILE', `'${name}' is not a file.`)
  const line = Number(number)
  const lines = linesIn(file)
  if (line < 1 || line > lines) {
    const last = Math.max(1, lines)
    throw new UsageError('NO_SUCH_LINE', `'${name}' has lines 1 to ${last}, and no line ${number}.`, [
      `--why ${relative(cwd, file)}:${last}`,
    ])
  }
  return { file, line }
}

function linesIn(file: string): number {
  try {
    const text = readFileSync(file, 'utf8')
    return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  } catch {
    // One that may not be read is told of as the audit tells it.
    return Infinity
  }
}
