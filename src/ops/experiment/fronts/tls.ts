import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTlsCredentials } from '../../faults/doors/tls/credentials.js'
import { createTlsDoor } from '../../faults/doors/tls/tls-door.js'
import { EnvironmentError } from '../../report/errors.js'
import { throwAwayPath, type Watchdog } from '../../sandbox/watchdog.js'
import type { Closing } from './closing.js'
import type { OpenFront } from './front.js'

/** A door with a certificate of an authority that is made for this drill, and that the subject's process trusts. */
export const tlsFront: OpenFront = async (backend, watchdog, closing) => {
  const credentials = makeTlsCredentials({ dns: ['localhost'], ipv4: ['127.0.0.1'] })
  const file = await writeAuthority(credentials.authority, watchdog, closing)
  const { host, port, protocol } = backend
  const door = await createTlsDoor({ upstream: { host, port }, protocol, credentials })
  closing.push(() => door.close())
  return {
    door,
    environments: {
      main: backend.environmentAt({ host: door.host, port: door.port, secure: true }),
      second: backend.environmentAt(backend),
    },
    // Read by Node once, at the start of a process; it adds to those that are trusted anyway.
    variables: { main: { NODE_EXTRA_CA_CERTS: file } },
    emulated: [...backend.emulated, 'TLS in front of the server'],
  }
}

async function writeAuthority(authority: string, watchdog: Watchdog, closing: Closing): Promise<string> {
  const directory = throwAwayPath()
  watchdog.watchDirectory(directory)
  closing.push(async () => {
    await rm(directory, { recursive: true, force: true })
    watchdog.forgetDirectory(directory)
  })
  const file = join(directory, 'authority.pem')
  try {
    await mkdir(directory, { mode: 0o700 })
    await writeFile(file, authority, { mode: 0o600 })
  } catch (error) {
    throw new EnvironmentError(
      'NO_DIRECTORY',
      `cannot write into a throw-away directory: ${(error as Error).message}`,
      ['set TMPDIR to a directory that can be written to and has free space'],
      { cause: error },
    )
  }
  return file
}
