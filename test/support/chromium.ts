import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser } from 'playwright-core'

const FIND = fileURLToPath(new URL('../../scripts/find-chromium.js', import.meta.url))

/** The Chromium of this machine, as `scripts/ensure-chromium` finds it; throws where there is none, as nothing would be tested. */
export async function openChromium(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0
  // Chromium's own sandbox refuses to serve root.
  return chromium.launch({ executablePath: executable(), args: isRoot ? ['--no-sandbox'] : [] })
}

function executable(): string {
  try {
    return execFileSync(process.execPath, [FIND], { encoding: 'utf8' }).trim()
  } catch {
    throw new Error('no chromium on PATH: run scripts/ensure-chromium, or set CACHE_CHROMIUM')
  }
}
