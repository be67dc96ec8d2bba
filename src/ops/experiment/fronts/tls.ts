import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTlsCredentials } from '../../faults/doors/tls/credentials.js'
import { createTlsDoor } from '../../faults/doors/tls/tls-door.js'
import type { Watchdog } from '../../sandbox/watchdog.js'
import type { Closing } from './closing.js'
import type { OpenFront } from './front.js'
import { throwAway, throwAwayDirectory } from './throw-away-directory.js'

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
  const file = join(await throwAwayDirectory(watchdog, closing), 'authority.pem')
  await throwAway(() => writeFile(file, authority, { mode: 0o600 }))
  return file
}
