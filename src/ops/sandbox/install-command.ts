import { onPath } from './on-path.js'

const INSTALLERS: readonly [program: string, command: string][] = [
  ['apt-get', 'apt-get install -y redis-server'],
  ['apk', 'apk add redis'],
  ['dnf', 'dnf install -y redis'],
  ['brew', 'brew install redis'],
]

/** The one command that installs a server on this system. */
export function installCommand(env: NodeJS.ProcessEnv = process.env): string {
  for (const [program, command] of INSTALLERS) {
    if (onPath(program, env))
      return program === 'brew' || process.getuid?.() === 0 ? command : `sudo ${command}`
  }
  return 'install redis-server (https://redis.io/docs/latest/operate/oss_and_stack/install/) and put it on PATH'
}
