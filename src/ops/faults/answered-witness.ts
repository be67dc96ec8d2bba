import { counted, difference } from './difference.js'
import type { Fault } from './fault.js'

/** Witnessed by a single command that was answered, or a script that was guarded, in the server's place. */
export function answeredWitness(error: string): Fault['witness'] {
  return (atFault, atHeal) => {
    const counts = difference(atFault, atHeal, ['commandsAnswered', 'commandsReplaced'])
    const { commandsAnswered, commandsReplaced } = counts
    return {
      witnessed: commandsAnswered + commandsReplaced >= 1,
      evidence: `${counted(commandsAnswered, 'command')} answered ${error}; ${counted(commandsReplaced, 'script')} run under it`,
      counts,
    }
  }
}
