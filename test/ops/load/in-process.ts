import { Config } from '@oclif/core'
import { vi } from 'vitest'

export interface InProcess {
  code: number | string | undefined
  stdout: string
  stderr: string
}

let config: Promise<Config> | undefined

/** Runs a command as it stands in the sources, without a process of its own; its streams are taken, and given back. */
export async function inProcess(
  command: { run: (args: string[], config: Config) => Promise<unknown> },
  args: readonly string[],
): Promise<InProcess> {
  config ??= Config.load({ root: process.cwd() })
  const loaded = await config
  const run: InProcess = { code: undefined, stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation(((chunk: unknown, done?: unknown) => {
      run[name] += String(chunk)
      if (typeof done === 'function') done()
      return true
    }) as never),
  )
  try {
    await command.run([...args], loaded)
    run.code = process.exitCode ?? 0
  } finally {
    for (const spy of spies) spy.mockRestore()
    process.exitCode = undefined
  }
  return run
}
