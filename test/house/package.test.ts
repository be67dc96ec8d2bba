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
  await run('npm', ['run', '--silent', 'build:types'])
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

describe('the installed package', () => {
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
        'void cache.get(1)\n',
    )
    const tsc = resolve('node_modules/typescript/bin/tsc')
    const strict = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--noEmit']
    await expect(node(tsc, ...strict, 'index.ts')).resolves.toMatchObject({ stdout: '' })
  })
})
