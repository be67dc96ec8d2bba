import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'

/** Bundles a TypeScript entry beside the tests into `directory` and returns the script's path. */
export async function bundled(entry: string, directory: string): Promise<string> {
  const outfile = join(directory, 'entry.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'fixtures', entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'error',
    // Finds its parts beside itself, and is there only where a test puts it.
    external: ['@electric-sql/pglite'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  return outfile
}

/** Starts a script and resolves to its first line of output, parsed. `as`: another user, for root only. */
export async function started<T>(
  script: string,
  env: NodeJS.ProcessEnv = {},
  as: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; said: T; exited: Promise<void> }> {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, so that a test can signal the group as a terminal does.
    detached: true,
    ...as,
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const lines = createInterface({ input: child.stdout! })
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve)
    lines.once('close', () => reject(new Error('ended without a word')))
  })
  return { child, said: JSON.parse(line) as T, exited }
}
