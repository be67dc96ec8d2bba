import type { Step } from './runbook.js'
import { commentOf } from './comment.js'

/**
 * A shell block as one script, so that its commands share variables. Behind each command with an expectation it prints
 * a marker, and so cuts its own output. It stops at the first command that fails, and a shell's own messages name the
 * document's lines.
 */
export function shellScript({ source, line, commands }: Step, marker: (command: number) => string): string {
  const cuts = new Map(commands.map(({ expectations }, index) => [expectations[0]?.line, index]))
  const lines = source.split('\n').map((text, index) => {
    const cut = cuts.get(line + 1 + index)
    if (cut === undefined) return text
    const command = commentOf(text).command.trimEnd()
    const separator = command === '' || /[;&]$/.test(command) ? '' : '; '
    return `${command}${separator}printf %s '${marker(cut)}'`
  })
  // One stream, so that what went wrong stands where it went wrong.
  return `${'\n'.repeat(line)}exec 2>&1; set -eu; ${lines.join('\n')}`
}
