import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** The first executable file called `name` on PATH; relative parts of PATH are ignored. */
export function onPath(name: string, env: NodeJS.ProcessEnv): string | null {
  const directories = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  return directories.map((directory) => join(directory, name)).find(isExecutable) ?? null
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
