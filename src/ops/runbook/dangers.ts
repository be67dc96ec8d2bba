import { SafetyError } from '../report/errors.js'
import { badRunbook } from './bad-runbook.js'
import type { Step } from './runbook.js'
import { commentOf } from './comment.js'

/** Redis commands that no unattended step may carry: each can take a service down by itself. */
const DANGERS: { name: string; pattern: RegExp; why: string; instead: string }[] = [
  {
    name: 'FLUSHALL',
    pattern: /\bFLUSHALL\b/i,
    why: 'empties every database of the server',
    instead: 'cache keys purge FAMILY',
  },
  {
    name: 'FLUSHDB',
    pattern: /\bFLUSHDB\b/i,
    why: 'empties the database',
    instead: 'cache keys purge FAMILY',
  },
  { name: 'SHUTDOWN', pattern: /\bSHUTDOWN\b/i, why: 'stops the server', instead: 'cache simulate-outage' },
  {
    name: 'KEYS',
    pattern: /\bKEYS\s+["']?[^\s"']*\*/i,
    why: 'blocks the server while it walks through all keys',
    instead: 'redis-cli --scan --pattern PATTERN',
  },
  {
    name: 'DEBUG',
    // `DEBUG=…` and other uses of the word are none of ours.
    pattern:
      /\bDEBUG\s+["']?(?:SLEEP|SEGFAULT|PANIC|OOM|RESTART|CRASH-AND-RECOVER|RELOAD|LOADAOF|JMAP|OBJECT|POPULATE|ASSERT|SET-[\w-]+)\b/i,
    why: 'freezes or kills the server',
    instead: 'cache simulate-outage --drill stall',
  },
]

/** @throws SafetyError for the first dangerous command of the steps that are about to run; `manual` steps never are */
export function refuseDangers(steps: readonly Step[], path: string): void {
  for (const { step, text, line } of commandLines(steps)) {
    const danger = DANGERS.find(({ pattern }) => pattern.test(text))
    if (!danger) continue
    throw new SafetyError(
      'RUNBOOK_DANGEROUS_COMMAND',
      `${path}:${line}: refused to run '${step.name}': ${danger.name} ${danger.why}.`,
      [`${danger.instead} instead`, `mark the step \`manual\`, so that a person does it`],
    )
  }
}

/** @throws UsageError for a `<placeholder>`, which a shell would take for a file to read and one to overwrite */
export function refusePlaceholders(steps: readonly Step[], path: string): void {
  for (const { text, line } of commandLines(steps)) {
    const placeholder = /(?<![<\w])<([a-z][\w.-]*)>/i.exec(text)
    if (!placeholder) continue
    const [written, name = ''] = placeholder
    const variable = name.replace(/\W/g, '_').toUpperCase()
    throw badRunbook(
      'RUNBOOK_PLACEHOLDER',
      { path, line },
      `the placeholder ${written} was never filled in.`,
      [`"$${variable}", declared on the fence: env=${variable}`, 'mark the step `manual`'],
    )
  }
}

function* commandLines(steps: readonly Step[]) {
  for (const step of steps) {
    if (step.manual || step.language === 'cache') continue
    for (const [index, line] of step.source.split('\n').entries()) {
      yield { step, text: commentOf(line).command, line: step.line + 1 + index }
    }
  }
}
