import { posix } from 'node:path'

/** A path of a report, counted from the root of the repository instead of the working directory. */
export function inRepository(file: string, directory: string): string {
  return posix.join(directory, file)
}
