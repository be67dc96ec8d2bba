import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cache } from '../support/cache.js'
import { freePort } from '../../src/ops/sandbox/free-port.js'
import { COMMANDS, documentsOf, firstOf, linesOf, outputsOf, withFlags, wrongLines } from './canary/lines.js'
import { makePlace, type Place } from './canary/place.js'
import { foreignLines, ROWS, type Row } from './canary/rows.js'
import { leakIn, SECRETS } from './canary/secrets.js'
import { startServers, type Servers } from './canary/servers.js'
import { Session } from './canary/session.js'
import { STATES, statesOf, type State } from './canary/states.js'

let place: Place
let servers: Servers
let states: ReturnType<typeof statesOf>
const sessions: Session[] = []

beforeAll(async () => {
  place = makePlace()
  servers = await startServers()
  states = statesOf(servers)
  // What it keeps is what `keys restore` reads; that is the one file that holds keys and values.
  const session = open(states.up.env)
  const ledger = join(place.written, 'ledger')
  await session.run(
    { id: 'keys:purge', words: ['keys', 'purge', 'llm.policy', '--apply', '--ledger', ledger] },
    [0],
  )
  place.files.undo = join(ledger, readdirSync(ledger)[0]!, 'undo.ndjson')
})
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.end()))
  await servers?.stop()
  place?.remove()
})

function open(env: Record<string, string>): Session {
  const session = new Session(place, env)
  sessions.push(session)
  return session
}

/** What they said that shows nothing of the state they met: it would prove nothing. */
function unmet({ sign }: State, said: ReadonlyMap<string, string>): string[] {
  return [...said].flatMap(([id, all]) => (sign.test(all) ? [] : [`${id} does not say ${sign}: ${all}`]))
}

test('every command has a row', () => {
  expect(Object.keys(ROWS).sort()).toEqual([...COMMANDS].sort())
})

describe.concurrent('no secret in any output', () => {
  test.for(STATES)('of what asks a server that is %s', async (name, { expect }) => {
    const session = open(states[name].env)
    const lines = [linesOf, documentsOf].flatMap((of) => of(place, ({ asks }) => asks))
    for (const line of lines) await session.run(line, [0, 1, 2, 3, 4])
    expect([...session.wrong, ...unmet(states[name], session.said)]).toEqual([])
  })

  test('of what asks nobody', async ({ expect }) => {
    const session = open(states.up.env)
    // The document is in a file as well.
    for (const line of linesOf(place, ({ asks, stays }) => !asks && !stays))
      await session.run(line, [0, 1, 3])
    expect(session.wrong).toEqual([])
    expect(session.said.get('runbook:run')).toContain('token=[redacted] and password=[redacted]')
  })

  test('of what stays until it is told to end', async ({ expect }) => {
    const wrong: string[] = []
    for (const { words } of linesOf(place, ({ stays }) => stays)) {
      const onStderr = (text: string, kill: (signal: NodeJS.Signals) => void) => {
        if (text.includes('Ctrl-C')) kill('SIGINT')
      }
      const { code, stdout, stderr } = await cache(words, {
        env: states.up.env,
        cwd: place.project,
        onStderr,
      })
      wrong.push(...[stdout, stderr].flatMap((text) => leakIn(text) ?? []))
      expect([code, stdout]).toEqual([130, expect.stringContaining('REDIS_URL')])
    }
    expect(wrong).toEqual([])
  })

  test('of what would stay, but cannot begin', async ({ expect }) => {
    for (const name of ['refused', 'wrong password', 'echoing'] as const) {
      const session = open(states[name].env)
      for (const line of linesOf(place, ({ asksFirst }) => asksFirst)) await session.run(line, [3, 4])
      expect(session.wrong).toEqual([])
    }
  })

  test('of code and servers that are not ours', async ({ expect }) => {
    const id = 'simulate-outage'
    const session = open({ ...states.up.env, CACHE_PROXY_TOKEN_FILE: place.files.proxyToken })
    for (const [words, code] of foreignLines(place, await freePort(), servers.echoRest.url))
      await session.run({ id, words: withFlags(words, outputsOf(id, place)) }, [code])
    expect(session.wrong).toEqual([])
    expect(session.said.get(id)).toMatch(/cache\.internal[^]*last\s+it\s+printed/)
  })

  test('of a command line that is wrong', async ({ expect }) => {
    const session = open({ ...states.refused.env, DEBUG: '', REDIS_PASSWORD: SECRETS.phrase })
    for (const line of wrongLines()) await session.run(line, [2, 3, 4])
    expect(session.wrong).toEqual([])
  })

  test('of a project file that is wrong', async ({ expect }) => {
    const session = open(states.refused.env)
    const configured = ({ configured }: Row) => configured
    const lines = [...firstOf(linesOf(place, configured)), ...documentsOf(place, configured)]
    for (const cwd of place.broken) for (const line of lines) await session.run(line, [2], cwd)
    expect(session.wrong).toEqual([])
  })
})

test('no secret in any output of what asks a server that hangs', async () => {
  servers.redis.freeze()
  // Most of it is waiting, so side by side.
  const each = firstOf(linesOf(place, ({ asks }) => asks)).map(async (line) => {
    const session = open(states.hung.env)
    await session.run(line, [1, 3])
    return [...session.wrong, ...unmet(states.hung, session.said)]
  })
  expect((await Promise.all(each)).flat()).toEqual([])
})

test('no secret in any file that was written, but for keys and values in those to undo a purge', () => {
  const paths = readdirSync(place.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !place.planted.includes(path))
  expect(paths.length).toBeGreaterThan(100)
  const undo = paths.filter((path) => path.endsWith('undo.ndjson'))
  expect(undo.length).toBeGreaterThan(0)
  for (const path of undo) expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o600])
  const others = paths.filter((path) => !undo.includes(path))
  expect(others.flatMap((path) => leakIn(readFileSync(path, 'utf8')) ?? [])).toEqual([])
})
