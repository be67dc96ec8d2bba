import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { Config } from '@oclif/core'

const root = resolve(import.meta.dirname, '../..')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  env?: NodeJS.ProcessEnv
  /** Called with all of stderr so far, at each piece of it. */
  onStderr?: (stderr: string, child: ChildProcess) => void
  onSpawn?: (child: ChildProcess) => void
}

export interface FixtureCli {
  directory: string
  metafile: Metafile
  run(argv: string[], options?: RunOptions): Promise<Ended>
  remove(): void
}

/** The real `bin/run.js` and `src/cli`, bundled as `scripts/build.js` does, around the commands in `fixtures/`. */
export async function buildFixtureCli(): Promise<FixtureCli> {
  const directory = mkdtempSync(join(tmpdir(), 'cache-fixture-cli-'))
  const commands = ['check', 'wait', 'keys/index', 'keys/purge'].map(
    (name) => `test/cli/fixtures/commands/${name}.ts`,
  )
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts', ...commands],
    outdir: join(directory, 'dist'),
    outbase: '.',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'error',
    metafile: true,
    external: ['typescript'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  mkdirSync(join(directory, 'bin'))
  cpSync(join(root, 'bin/run.js'), join(directory, 'bin/run.js'))
  const pjson = {
    name: 'transparent-cache',
    version: '1.2.3',
    type: 'module',
    oclif: {
      bin: 'cache',
      dirname: 'cache',
      commands: './dist/test/cli/fixtures/commands',
      topicSeparator: ' ',
    },
  }
  writeFileSync(join(directory, 'package.json'), JSON.stringify(pjson))
  await writeManifest(directory)
  return {
    directory,
    metafile,
    run: (argv, options) => runProcess(join(directory, 'bin/run.js'), argv, options),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

async function writeManifest(directory: string): Promise<void> {
  const config = await Config.load({ root: directory })
  const { manifest } = [...config.plugins.values()][0] as unknown as { manifest: unknown }
  writeFileSync(join(directory, 'oclif.manifest.json'), JSON.stringify(manifest))
}

function runProcess(
  script: string,
  argv: string[],
  { env = {}, onStderr, onSpawn }: RunOptions = {},
): Promise<Ended> {
  const { NODE_EXTRA_CA_CERTS: _slow, FORCE_COLOR: _colour, ...inherited } = process.env
  const child = spawn(process.execPath, [script, ...argv], { env: { ...inherited, ...env } })
  const ended: Ended = { code: null, stdout: '', stderr: '' }
  onSpawn?.(child)
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ended.stderr += text
    onStderr?.(ended.stderr, child)
  })
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', (code) => done({ ...ended, code }))
  })
}
