import type { Door } from '../faults/doors/door.js'
import type { PhaseName } from './measurement.js'

export interface CommandCount {
  /** What comes from now on belongs to this phase. */
  begin(phase: PhaseName): void
  /** And what comes from now on, to none. */
  end(): void
  /** Absent where the door understood nothing of what went through it. */
  perPhase(): { commands?: Record<PhaseName, number> }
}

/**
 * What the subject sends to its backend, phase by phase: commands, or over REST requests. Bytes that a stall holds back count
 * when they are delivered.
 */
export function countCommands(door: Pick<Door, 'counts'>): CommandCount {
  const commands: Record<PhaseName, number> = { before: 0, during: 0, after: 0 }
  const seen = () => {
    const { commandsSeen, requestsSeen } = door.counts()
    return commandsSeen + requestsSeen
  }
  let phase: PhaseName | null = null
  let since = 0
  const end = () => {
    const now = seen()
    if (phase !== null) commands[phase] += now - since
    since = now
    phase = null
  }
  return {
    begin: (next) => {
      end()
      phase = next
    },
    end,
    perPhase: () => (Object.values(commands).some((count) => count > 0) ? { commands } : {}),
  }
}
