import { format } from 'node:util'
import { vi } from 'vitest'
import type { Logger } from '../../src/library/index.js'

/** Where the library's lines go when nobody says otherwise. */
export const consoleLogger: Logger = {
  warn: (...said) => console.warn(...said),
  info: (...said) => console.info(...said),
}

/** Everything that is written to the console from now on, a line each; it goes nowhere else. */
export function overhearConsole(): { lines: string[]; stop: () => void } {
  const lines: string[] = []
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((...said) => void lines.push(format(...said))),
  )
  return { lines, stop: () => spies.forEach((spy) => spy.mockRestore()) }
}
