import type { Report } from './report.js'

/** One thing that was judged, or could not be. */
export interface DigestItem {
  /** Stable, such as `CON-001`. */
  id: string
  title: string
  level: 'ok' | 'warn' | 'fail' | 'not judged' | 'broken'
  /** The command's own word for it, such as `skip`. */
  word: string
  /** What was found, in one sentence; may hold what a server said. */
  message: string
  /** What to do, in one sentence; empty when there is nothing to do. */
  remedy: string
  /** To copy and paste, one each. */
  commands: string[]
  /** Whether it makes the exit code 1. */
  counts: boolean
  /** It was so in the baseline, and nobody needs to hear it again. */
  known: boolean
  durationMs?: number
  /** Where it is written. */
  file?: string
  line?: number
  column?: number
}

/** Numbers that stand side by side, unless they are words. The first column names the row. */
export interface DigestTable {
  columns: string[]
  rows: string[][]
  isText?: boolean
}

/**
 * What a report has to say to somebody who was not at the terminal, whatever command it is of. From it come Markdown,
 * annotations and JUnit; one function per report makes it, and no writer knows a command.
 */
export interface Digest {
  /** Such as `cache doctor`. */
  title: string
  word: 'ok' | 'warn' | 'FAIL' | 'skip' | 'broken' | 'stopped'
  conclusion: string
  facts: { label: string; text: string }[]
  /** For Markdown, which alone has room for them. */
  tables?: DigestTable[]
  groups: { title: string; items: DigestItem[] }[]
  /** What to do that is of no single item, and the one command for it. */
  toDo?: { text: string; command: string }
  /** The commands that lead on from here. */
  next: string[]
}

/** Of a command that could not do its job. */
export function errorDigest({ command, error }: Report): Digest {
  const conclusion = error?.message ?? 'stopped before there was a result'
  const item: DigestItem = {
    id: error?.code ?? 'STOPPED',
    title: 'no result',
    level: 'broken',
    word: 'broken',
    message: conclusion,
    remedy: (error?.suggestions ?? []).join('; '),
    commands: [],
    counts: false,
    known: false,
  }
  const groups = [{ title: command, items: [item] }]
  return { title: `cache ${command}`, word: 'broken', conclusion, facts: [], groups, next: [] }
}
