import type { CorpusCase } from '../case.js'

const documents = {
  kind: 'app',
  framework: 'fastify',
  client: 'ioredis 6 (transparent-cache)',
  sound: 'apps/documents-library.mjs',
  probes: 'probes/documents.yaml',
  drill: 'stall',
} as const

/** Documents that belong to somebody. No cache does this for its user, ours neither. */
export const documentCases: CorpusCase[] = [
  {
    ...documents,
    id: 'permission-on-a-miss-only',
    hazard: 'H8',
    title: 'who may read it is decided where it is loaded: on a hit everybody may',
    clause: 'C2',
    defective: 'apps/documents-library-asked-once.mjs',
  },
  {
    ...documents,
    id: 'key-without-the-tenant',
    hazard: 'H9',
    title: 'the key is the id alone: another tenant with the same id gets what is there',
    clause: 'C2',
    defective: 'apps/documents-library-one-key.mjs',
    probes: 'probes/documents-of-tenants.yaml',
  },
]
