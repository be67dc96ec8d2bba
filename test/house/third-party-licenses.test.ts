import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'cache-licences-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The bundled file of a package that stands in `root`. */
function bundled(name: string, manifest: object, files: Record<string, string> = {}): string {
  const directory = join(root, 'node_modules', name)
  mkdirSync(directory, { recursive: true })
  for (const [file, content] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    writeFileSync(join(directory, file), content)
  }
  return join(directory, 'lib/index.js')
}

async function notices(...inputs: string[]): Promise<string> {
  const script =
    "import { thirdPartyLicenses } from './scripts/third-party-licenses.js'\n" +
    'process.stdout.write(thirdPartyLicenses(process.argv.slice(1)))'
  const run = promisify(execFile)
  return (await run(process.execPath, ['--input-type=module', '--eval', script, ...inputs])).stdout
}

test('each bundled package is listed once, with its licence text', async () => {
  const scoped = bundled('@a/b', { name: '@a/b', version: '1.2.3', license: 'MIT' }, { LICENCE: 'Take it.' })
  const bare = bundled('c', { name: 'c', version: '2.0.0', license: 'ISC' })
  const text = await notices('src/cli/main.ts', scoped, `${scoped}x`, bare)
  expect(text.match(/^---.*/gm)).toEqual(['--- @a/b 1.2.3 (MIT)', '--- c 2.0.0 (ISC)'])
  expect(text).toContain('Take it.')
})

test('a package without a licence stops the build', async () => {
  const unlicensed = bundled('d', { name: 'd', version: '1.0.0' })
  await expect(notices(unlicensed)).rejects.toThrow('d@1.0.0 is bundled but names no licence')
})
