import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { leftOutBecause } from '../project/find-files.js'

/** The paths that an audit reads so that it meets the file: those asked for, or else the file's own package. */
export function pathsAround(file: string, paths: readonly string[]): string[] {
  return paths.some((path) => holds(path, file)) ? [...paths] : [packageOf(file)]
}

/** Why an audit of these paths leaves the file out by its name; undefined when it does not. */
export function leftOutOf(paths: readonly string[], file: string): string | undefined {
  const around = paths.filter((path) => holds(path, file))
  // A file that is named is read, whatever it is called.
  if (around.includes(file)) return undefined
  const reasons = around.map((path) => leftOutBecause(file, path))
  return reasons.includes(undefined) ? undefined : reasons[0]
}

function holds(path: string, file: string): boolean {
  return path === file || (statSync(path).isDirectory() && !relative(path, file).startsWith('..'))
}

function packageOf(file: string): string {
  for (let directory = dirname(file); dirname(directory) !== directory; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return directory
  }
  return dirname(file)
}
