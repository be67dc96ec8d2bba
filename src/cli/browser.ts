import { spawn } from 'node:child_process'

export interface Surroundings {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

/**
 * Shows a file to a person, with `BROWSER` or what the platform opens files with. Nothing of it goes through a shell.
 *
 * @param file an absolute path
 * @returns whether somebody has taken it: a program was started, and is not waited for
 */
export async function openFile(file: string, { env, platform }: Surroundings = process): Promise<boolean> {
  for (const command of openersIn(env, platform)) if (await starts(command, file)) return true
  return false
}

/** Programs to try, in their order. */
export function openersIn(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  // A list, as others read it; `%s` would need a shell's rules, and stands at the end in any case.
  const wanted = (env['BROWSER'] ?? '').split(platform === 'win32' ? ';' : ':')
  const usual = { darwin: 'open', win32: 'explorer.exe' }[platform as string] ?? 'xdg-open'
  return [...wanted.map((each) => each.replace(/\s+%s$/, '').trim()).filter((each) => each !== ''), usual]
}

function starts(command: string, file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, [file], { detached: true, stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
