import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTcpDoor, startSandbox, type SandboxWithUpstash } from '../src/ops/testing/index.js'
import { until } from './support/clients.js'

const run = promisify(execFile)
const guide = readFileSync('docs/migrating.md', 'utf8')
const blocks = new Map(
  [...guide.matchAll(/^```ts after=([\w-]+)\n([\s\S]*?)^```$/gm)].map(([, name, code]) => [name!, code!]),
)

/** The service's own code, which the guide's blocks import. */
const USERS = `export interface User { id: string; name: string }
export const database = new Map<string, User>()
export const asked: string[] = []
export async function findUser(id: string): Promise<User | null> {
  asked.push(id)
  const user = database.get(id)
  return user ? { ...user } : null
}
export async function renameUser(id: string, name: string): Promise<void> {
  database.set(id, { id, name })
}
`

interface Service {
  getUser(id: string): Promise<{ id: string; name: string } | null>
  changeName(id: string, name: string): Promise<void>
  asked: string[]
}
interface Limited {
  login(userId: string): Promise<{ status: number; headers?: Record<string, string> }>
}

let sandbox: SandboxWithUpstash
let directory: string
beforeAll(async () => {
  sandbox = await startSandbox({ upstash: true })
  directory = await mkdtemp(join(tmpdir(), 'transparent-cache-migrating-'))
  await writeFile(join(directory, 'users.ts'), USERS)
  for (const [name, code] of blocks) await writeFile(join(directory, `${name}.ts`), code)
})
afterAll(async () => {
  await sandbox.stop()
  await rm(directory, { recursive: true })
})

let started = 0

/** Starts a block as a service would be, with this environment and no other. */
async function start<T>(name: string, environment: Record<string, string>): Promise<T> {
  const outfile = join(directory, `${name}-${started++}.mjs`)
  await build({
    stdin: {
      contents: `export * from './${name}.ts'\nexport { asked } from './users.ts'`,
      resolveDir: directory,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    alias: { 'transparent-cache': resolve('src/library/index.ts') },
    nodePaths: [resolve('node_modules')],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  const before = { ...process.env }
  for (const variable of ['REDIS_URL', 'UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'])
    delete process.env[variable]
  Object.assign(process.env, environment)
  try {
    return (await import(pathToFileURL(outfile).href)) as T
  } finally {
    process.env = before
  }
}

test('every "After" is such a block', () => {
  expect([...blocks.keys()]).toEqual([
    'try-catch',
    'keyv',
    'bentocache',
    'upstash-ratelimit',
    'rate-limiter-flexible',
  ])
  expect(guide.match(/^After:$/gm)).toHaveLength(blocks.size)
})

test('all of them compile as a strict service has it', { timeout: 120_000 }, async () => {
  const tsconfig = {
    extends: resolve('tsconfig.json'),
    compilerOptions: {
      allowImportingTsExtensions: false,
      typeRoots: [resolve('node_modules/@types')],
      paths: {
        'transparent-cache': [resolve('src/library/index.ts')],
        '*': [resolve('node_modules/*')],
      },
    },
    include: ['users.ts', ...[...blocks.keys()].map((name) => `${name}.ts`)],
  }
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }')
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(tsconfig))
  const tsc = run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', directory])
  const said = await tsc.then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  )
  expect(said).toBe('')
})

describe.each(['try-catch', 'keyv', 'bentocache'])('after %s', (name) => {
  test('with Redis: what was loaded is kept, and a change is seen', async () => {
    const { getUser, changeName, asked } = await start<Service>(name, { REDIS_URL: sandbox.redis.url })
    await changeName('u1', 'Ada')
    await until('the database is not asked again', async () => {
      const before = asked.length
      expect(await getUser('u1')).toEqual({ id: 'u1', name: 'Ada' })
      return asked.length === before
    })
    await changeName('u1', 'Grace')
    expect(await getUser('u1')).toEqual({ id: 'u1', name: 'Grace' })
    expect(await getUser('nobody')).toBeNull()
  })

  test('with Redis away, hung or not configured: the same answers, from the database', async () => {
    const door = await openTcpDoor(sandbox.redis.url)
    for (const url of [door.url, 'redis://127.0.0.1:1', null]) {
      const { getUser, changeName } = await start<Service>(name, url === null ? {} : { REDIS_URL: url })
      await changeName('u2', 'Ada')
      expect(await getUser('u2')).toEqual({ id: 'u2', name: 'Ada' })
      if (url === door.url) await door.apply('stall')
      await changeName('u2', 'Grace')
      expect(await getUser('u2')).toEqual({ id: 'u2', name: 'Grace' })
      if (url !== door.url) continue
      // A machine that is busy may have opened the breaker before the fault came.
      await until('the fault to be met', async () => {
        expect(await getUser('u2')).toEqual({ id: 'u2', name: 'Grace' })
        return door.sighting()?.witnessed === true
      })
    }
    await door.close()
  })
})

describe.each([
  ['upstash-ratelimit', () => upstash()],
  ['rate-limiter-flexible', () => ({ REDIS_URL: sandbox.redis.url })],
])('after %s', (name, environment) => {
  test('ten logins, and no eleventh', async () => {
    const { login } = await start<Limited>(name, environment())
    const statuses: number[] = []
    for (let i = 0; i < 11; i++) statuses.push((await login(name)).status)
    expect(statuses).toEqual([...Array<number>(10).fill(200), 429])
  })

  test('while the backend is away: denied as declared, and not for the user’s fault', async () => {
    const away = { REDIS_URL: 'redis://127.0.0.1:1' }
    const { login } = await start<Limited>(name, away)
    expect((await login(name)).status).toBe(503)
  })
})

function upstash() {
  const { url, token } = sandbox.upstash
  return { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }
}
