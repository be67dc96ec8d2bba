import { closeSync, fstatSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * Node puts the terminal back as it was when it ends, and aborts (134, perhaps a core dump) when the terminal was closed
 * meanwhile. A descriptor that is closed it leaves alone.
 */
export function forgetClosedTerminal(): void {
  process.on('exit', () => {
    for (const descriptor of [0, 1, 2]) {
      try {
        // Of a terminal that is gone only the device is left; /dev/null, which looks the same, is not missed either.
        if (!isatty(descriptor) && fstatSync(descriptor).isCharacterDevice()) closeSync(descriptor)
      } catch {
        // It was closed before.
      }
    }
  })
}
