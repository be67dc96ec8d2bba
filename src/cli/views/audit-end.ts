import { conclusionOf } from '../../ops/report/audit-conclusion.js'
import { nextAudits } from '../../ops/report/audit-next.js'
import type { AuditReport } from '../../ops/report/audit-report.js'
import type { Terminal } from '../terminal.js'
import { wrap } from '../wrap.js'

const INDENT = 5

/** What it comes to, why the exit code is what it is, and what to do next. */
export function endLines(report: AuditReport, terminal: Terminal): string[] {
  const { word, sentence, exit } = conclusionOf(report)
  const { style, width } = terminal
  const head = word === 'stopped' ? `${style.caution(word)}: ${sentence}` : `${style.word(word)} ${sentence}`
  const next = terminal.quiet ? [] : nextAudits(report)
  return [
    ...wrap(head, INDENT, width),
    ...wrap(`${' '.repeat(INDENT)}${exit}`, INDENT, width),
    ...next
      .map(
        ({ command, why }, index) =>
          `${index === 0 ? 'next ' : ' '.repeat(INDENT)}${command.padEnd(22)}  ${why}`,
      )
      .flatMap((line) => wrap(line, INDENT + 24, width)),
  ]
}
