import { badRunbook } from './bad-runbook.js'
import { commentOf } from './comment.js'
import { expectationIn } from './expectation.js'
import type { Command } from './runbook.js'

const heredoc = /(?<!<)<<-?\s*(["']?)([A-Za-z_]\w*)\1/
// What a shell would continue or open at: nothing can be put behind it.
const unfinished = /(?:[\\|]|&&|[({]|\b(?:then|do|else|in))\s*$/

/**
 * Cuts a shell block behind each command that has an expectation, at the comment that states it: `# Expected: PONG` on
 * the lines below the command, or behind it on its own line. What stands in a here-document is text.
 *
 * @param first document line of the block's first line
 * @throws UsageError naming the line, for an expectation that nothing comes before, or in the middle of a command
 */
export function cutShellBlock(source: string, path: string, first: number): Command[] {
  const commands: Command[] = []
  let current: Command = { text: '', line: first, expectations: [] }
  let end: string | undefined
  let last = ''
  for (const [index, line] of source.split('\n').entries()) {
    const where = { path, line: first + index }
    if (end !== undefined) {
      if (line.trim() === end) end = undefined
      current.text += `${line}\n`
      continue
    }
    const { command, comment } = commentOf(line)
    const expectation = comment === undefined ? null : expectationIn(comment, where)
    if (command.trim() !== '') {
      if (current.expectations.length > 0) {
        commands.push(current)
        current = { text: '', line: where.line, expectations: [] }
      }
      last = command
    }
    end = heredoc.exec(command)?.[2]
    if (expectation) {
      if (last === '') throw misplaced(where, 'no command comes before this expectation.')
      if (unfinished.test(last)) throw misplaced(where, 'this expectation stands in the middle of a command.')
      current.expectations.push(expectation)
    }
    current.text += `${line}\n`
  }
  return last === '' ? [] : [...commands, current]
}

function misplaced(where: { path: string; line: number }, message: string): Error {
  return badRunbook('RUNBOOK_BAD_EXPECTATION', where, message, [
    'put it on the line below the command whose output it is about',
  ])
}
