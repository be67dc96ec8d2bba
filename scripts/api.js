// Writes docs/api, the reference of what the package exports, from the docstrings; fails where one is missing.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeOrCheck } from './write-or-check.js'

const written = mkdtempSync(join(tmpdir(), 'transparent-cache-api-'))
const kept = 'docs/api'
try {
  // Settings are in typedoc.json. It says what is wrong itself; the exception would say it again.
  const typedoc = ['node_modules/typedoc/bin/typedoc', '--logLevel', 'Warn', '--out', written]
  execFileSync(process.execPath, typedoc, { stdio: 'inherit' })
  mkdirSync(kept, { recursive: true })
  for (const file of readdirSync(written))
    writeOrCheck(join(kept, file), readFileSync(join(written, file), 'utf8'))
  for (const file of readdirSync(kept).filter((name) => !existsSync(join(written, name)))) {
    if (process.argv.includes('--check')) writeOrCheck(join(kept, file), null)
    else rmSync(join(kept, file))
  }
} catch (error) {
  if (error.status === undefined) throw error
  process.exitCode = 1
} finally {
  rmSync(written, { recursive: true })
}
