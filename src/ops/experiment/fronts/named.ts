import { pathToFileURL } from 'node:url'
import { createNamedDoor } from '../../faults/doors/named-door.js'
import { builtFile } from '../built-file.js'
import { RESOLVER_VARIABLE } from '../drill-names-variable.js'
import type { OpenFront } from './front.js'
import { plainFront } from './plain.js'

/** A door that the subject finds by a name, for which a name server of ours answers and nobody else can. */
export const namedFront: OpenFront = async (backend, watchdog, closing) => {
  const plain = await plainFront(backend, watchdog, closing)
  const door = await createNamedDoor(plain.door)
  closing.push(() => door.close())
  const { name, port, resolver } = door
  return {
    ...plain,
    door,
    environments: { ...plain.environments, main: backend.environmentAt({ host: name, port }) },
    variables: {
      main: {
        NODE_OPTIONS: `--import=${pathToFileURL(builtFile('dist/ops/experiment/drill-names.js')).href}`,
        [RESOLVER_VARIABLE]: `${resolver.host}:${resolver.port}`,
      },
    },
    emulated: [...plain.emulated, 'the name server'],
  }
}
