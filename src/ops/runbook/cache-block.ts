import { splitWords } from './argv.js'
import { badRunbook } from './bad-runbook.js'
import { expectationIn } from './expectation.js'
import type { Command } from './runbook.js'
import { commentOf } from './comment.js'

/**
 * The command lines of a `cache` block, one a line, with or without the word `cache`, each with the expectations below it.
 *
 * @throws UsageError naming the line, for a line that only a shell could run
 */
export function cutCacheBlock(source: string, path: string, first: number): Command[] {
  const commands: Command[] = []
  for (const [index, line] of source.split('\n').entries()) {
    const where = { path, line: first + index }
    const { command, comment } = commentOf(line)
    if (command.trim() !== '') {
      argumentsOf(command, where)
      commands.push({ text: command.trim(), line: where.line, expectations: [] })
    }
    const expectation = comment === undefined ? null : expectationIn(comment, where)
    if (!expectation) continue
    const above = commands.at(-1)
    if (!above) {
      throw badRunbook('RUNBOOK_BAD_EXPECTATION', where, 'no command comes before this expectation.', [
        'put it on the line below the command whose output it is about',
      ])
    }
    above.expectations.push(expectation)
  }
  return commands
}

/** The arguments of one line for our own command line. */
export function argumentsOf(line: string, where: { path: string; line: number }): string[] {
  const words = splitWords(line)
  if (!words) {
    throw badRunbook(
      'RUNBOOK_BAD_COMMAND',
      where,
      `'${line.trim()}' needs a shell, or a quote is not closed.`,
      ['use a bash block for pipes, variables and redirections'],
    )
  }
  const own = words[0] === 'cache' ? words.slice(1) : words
  if (own[0] === undefined || own[0] === 'runbook') {
    throw badRunbook('RUNBOOK_BAD_COMMAND', where, `'${line.trim()}' cannot be a step.`, [
      own[0] === undefined ? 'name a command, such as cache doctor' : 'a runbook cannot run a runbook',
    ])
  }
  return own
}
