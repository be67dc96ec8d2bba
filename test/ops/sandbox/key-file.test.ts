import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeKeyFile } from '../../../src/ops/sandbox/supabase/key-file.js'
import { readToken } from '../../../src/ops/sandbox/supabase/rest/read-token.js'
import { keysOf } from '../../../src/ops/sandbox/supabase/tokens.js'
import { startWatchdog, type Watchdog } from '../../../src/ops/sandbox/watchdog.js'

let watchdog: Watchdog
beforeAll(() => {
  watchdog = startWatchdog()
})
afterAll(() => watchdog.stop())

/** The program of docs/stores.md, up to where it asks Supabase. */
function documentedToken(secret: string): string {
  const page = readFileSync('docs/stores.md', 'utf8')
  const lines = /^const encoded = [\s\S]*?^const token = .*$/m.exec(page)![0]
  // oxlint-disable-next-line typescript/no-implied-eval -- what the page says is what has to work
  const program = new Function('createHmac', 'SUPABASE_JWT_SECRET', `${lines}\nreturn token`)
  return (program as (hmac: typeof createHmac, secret: string) => string)(createHmac, secret)
}

test('a shell that reads the file has the keys, and what it takes to log users in as docs/stores.md says', async () => {
  const keys = keysOf('0123456789abcdef')
  const file = await writeKeyFile(keys, watchdog)
  expect(statSync(file.path).mode & 0o777).toBe(0o600)
  const script =
    '. "$0"; printf "%s\\n" "$SUPABASE_SERVICE_ROLE_KEY" "$SUPABASE_ANON_KEY" "$SUPABASE_JWT_SECRET"'
  const [service, anon, secret = ''] = execFileSync('/bin/sh', ['-euc', script, file.path], {
    encoding: 'utf8',
  }).split('\n')
  expect([service, anon]).toEqual([keys.serviceRoleKey, keys.anonKey])
  expect(readToken(documentedToken(secret), '0123456789abcdef')).toMatchObject({
    role: 'authenticated',
    sub: 'ada',
    tenant_id: 'acme',
  })
  await file.remove()
  expect(existsSync(dirname(file.path))).toBe(false)
})
