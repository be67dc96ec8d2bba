import { libraryIntegrity } from './library-integrity.js'
import { libraryUnconfigured } from './library-unconfigured.js'
import { libraryUpstash } from './library-upstash.js'
import { library } from './library.js'
import { naiveIoredis5 } from './naive-ioredis5.js'
import { naiveIoredis6 } from './naive-ioredis6.js'
import { naiveStores } from './naive-stores.js'
import { naiveUpstash } from './naive-upstash.js'
import { stores } from './stores.js'
import type { Subject } from './subject.js'

/** Everything that can be drilled, the default first. */
export const subjects: readonly Subject[] = [
  library,
  libraryIntegrity,
  libraryUpstash,
  libraryUnconfigured,
  naiveIoredis5,
  naiveIoredis6,
  naiveUpstash,
  stores,
  naiveStores,
]

export function findSubject(name: string): Subject | undefined {
  return subjects.find((subject) => subject.name === name)
}
