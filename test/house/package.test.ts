import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const consumer = mkdtempSync(join(tmpdir(), 'cache-package-'))
const installed = join(consumer, 'node_modules/transparent-cache')
const dependencies = ['@opentelemetry/api']

/** Runs Node in the consumer's directory, as an application of an embedder would. */
const node = (...args: string[]) => run(process.execPath, args, { cwd: consumer })

// As `npm install` lays the tarball, but without a registry.
beforeAll(async () => {
  if (!process.env['TYPES_ARE_BUILT']) await run('npm', ['run', '--silent', 'build:types'])
  const packing = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', consumer])
  const [{ filename }] = JSON.parse(packing.stdout) as [{ filename: string }]
  mkdirSync(installed, { recursive: true })
  await run('tar', ['-xzf', join(consumer, filename), '--strip-components=1', '-C', installed])
  for (const name of dependencies) link(name)
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module" }')
}, 60_000)
afterAll(() => rmSync(consumer, { recursive: true, force: true }))

function link(name: string): void {
  const path = join(consumer, 'node_modules', name)
  mkdirSync(join(path, '..'), { recursive: true })
  symlinkSync(resolve('node_modules', name), path)
}

describe.concurrent('the installed package', () => {
  test('needs what this test links, and nothing else', () => {
    const { dependencies: declared } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    expect(Object.keys(declared)).toEqual(dependencies)
  })

  test('answers --version and --help', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    const bin = join(installed, 'bin/run.js')
    expect((await node(bin, '--version')).stdout).toContain(`transparent-cache/${version} `)
    expect((await node(bin, 'sandbox', '--help')).stdout).toContain('USAGE')
  })

  test('is imported without ioredis, and still gives a cache', async () => {
    const script =
      "import { createTransparentCache } from 'transparent-cache'\n" +
      'const cache = createTransparentCache(null, null)\n' +
      "console.log(await cache.get('absent'), cache.getBackendType())\n" +
      'await cache.close()\n'
    expect((await node('--input-type=module', '--eval', script)).stdout).toBe('null passthrough\n')
  })

  test('brings a sandbox, a door and the contract to any runner, here node:test', async () => {
    writeFileSync(
      join(consumer, 'cache.test.js'),
      `import { test } from 'node:test'
import { connect } from 'node:net'
import assert from 'node:assert/strict'
import { onEvent } from 'transparent-cache'
import { backendContract, openTcpDoor, startSandbox } from 'transparent-cache/testing'

const texts = new Map()
const create = () => ({
  get: async (key) => texts.get(key) ?? null,
  set: async (key, text) => void texts.set(key, text),
  del: async (key) => void texts.delete(key),
})
const without = 'a Map has none'
const exempt = { expiry: without, scripts: without, close: without }
let heard = 0
onEvent(() => heard++)
for (const { name, exempt: skip, run } of backendContract({ create, exempt })) test(name, { skip }, run)

test('one library', () => assert.ok(heard > 0))
test('a door in front of a server', async () => {
  const sandbox = await startSandbox()
  const door = await openTcpDoor(sandbox.redis.url)
  const banner = (port) => new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\\r\\n'))
    socket.on('error', reject).on('data', (data) => { resolve(String(data)); socket.destroy() })
  })
  assert.equal(await banner(door.port), '+PONG\\r\\n')
  await door.apply('refused')
  await assert.rejects(banner(door.port), { code: 'ECONNREFUSED' })
  await door.close()
  await sandbox.stop()
})
`,
    )
    const { stdout } = await node('--test', '--test-reporter=tap', 'cache.test.js')
    const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(stdout)?.[1])
    expect([count('fail'), count('cancelled')]).toEqual([0, 0])
    expect(count('pass')).toBeGreaterThan(40)
    // Reported with its reason, and not as passed.
    expect(count('skipped')).toBe(stdout.match(/# SKIP a Map has none$/gm)?.length)
    expect(count('skipped')).toBeGreaterThan(10)
  }, 60_000)

  test('has types that a strict consumer can compile against', async () => {
    // Types of Node and of the client are the consumer's own.
    link('@types/node')
    link('ioredis')
    writeFileSync(
      join(consumer, 'index.ts'),
      "import { createTransparentCache } from 'transparent-cache'\n" +
        'const cache = createTransparentCache(null, null)\n' +
        "export const value: Promise<unknown> = cache.get('absent')\n" +
        '// @ts-expect-error The key is a string.\n' +
        'void cache.get(1)\n' +
        "import { backendContract, openTcpDoor, startSandbox } from 'transparent-cache/testing'\n" +
        'const sandbox = await startSandbox({ upstash: true })\n' +
        'export const url: string = sandbox.upstash.url\n' +
        'const door = await openTcpDoor(url)\n' +
        "await door.apply('stall')\n" +
        '// @ts-expect-error No such fault.\n' +
        "await door.apply('stalled')\n" +
        'export const names = backendContract({ create: () => { throw new Error() } }).map(({ name }) => name)\n',
    )
    const tsc = resolve('node_modules/typescript/bin/tsc')
    const strict = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--noEmit']
    await expect(node(tsc, ...strict, 'index.ts')).resolves.toMatchObject({ stdout: '' })
  })
})
