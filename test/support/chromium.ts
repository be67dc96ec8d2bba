import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** The Chromium of this machine, as `scripts/ensure-chromium` finds it; throws where there is none, as nothing would be tested. */
export async function openChromium(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0
  // Chromium's own sandbox refuses to serve root.
  return chromium.launch({ executablePath: executable(), args: isRoot ? ['--no-sandbox'] : [] })
}

function executable(): string {
  const named = process.env['CACHE_CHROMIUM']
  const directories = (process.env['PATH'] ?? '').split(delimiter)
  const paths = named ? [named] : NAMES.flatMap((name) => directories.map((each) => join(each, name)))
  const found = paths.find(isProgram)
  if (found === undefined)
    throw new Error('no chromium on PATH: run scripts/ensure-chromium, or set CACHE_CHROMIUM')
  return found
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
