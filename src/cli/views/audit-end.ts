import { conclusionOf } from '../../ops/report/audit-conclusion.js'
import { nextAudits } from '../../ops/report/audit-next.js'
import type { AuditReport } from '../../ops/report/audit-report.js'
import type { Terminal } from '../terminal.js'
import { wrap } from '../wrap.js'

const INDENT = 5
// What a command may take beside the words that say what it is for.
const SHORT = 22

/** What it comes to, why the exit code is what it is, and what to do next. */
export function endLines(report: AuditReport, terminal: Terminal): string[] {
  const { word, sentence, exit } = conclusionOf(report)
  const { style, width } = terminal
  const head = word === 'stopped' ? `${style.caution(word)}: ${sentence}` : `${style.word(word)} ${sentence}`
  const next = terminal.quiet ? [] : nextAudits(report)
  return [
    ...wrap(head, INDENT, width),
    ...wrap(`${' '.repeat(INDENT)}${exit}`, INDENT, width),
    ...next.flatMap((each, index) => nextLines(each, index === 0 ? 'next ' : ' '.repeat(INDENT), width)),
  ]
}

/** A command stays on one line, so that it can be copied. */
function nextLines(
  { command, why }: { command: string; why: string },
  lead: string,
  width: number,
): string[] {
  const about = INDENT + SHORT + 2
  if (command.length <= SHORT) return wrap(`${lead}${command.padEnd(SHORT)}  ${why}`, about, width)
  return [`${lead}${command}`, ...wrap(`${' '.repeat(about)}${why}`, about, width)]
}
