// The Chromium that tests and pictures of the HTML report use: CACHE_CHROMIUM, else the first of these names on PATH. As a
// program it prints the path; exit 1: there is none.
import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/**
 * Null where there is none, and where CACHE_CHROMIUM names no program: another one would not be what was asked for.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {string | null}
 */
export function findChromium(env = process.env) {
  const named = env.CACHE_CHROMIUM
  const directories = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const paths = named ? [named] : NAMES.flatMap((name) => directories.map((each) => join(each, name)))
  return paths.find(isProgram) ?? null
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  const found = findChromium()
  if (found === null) process.exitCode = 1
  else console.log(found)
}
