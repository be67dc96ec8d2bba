import type { CorpusCase } from '../case.js'
import { documentCases } from './apps-documents.js'
import { limited } from './apps-limited.js'
import { nodeRedis } from './apps-node-redis.js'
import { readThrough } from './apps-read-through.js'
import { supabase } from './apps-supabase.js'
import { upstash } from './apps-upstash.js'
import { writeThrough } from './apps-write-through.js'
import { modules } from './modules-all.js'

/** All cases, in the order in which they are shown. */
export const cases: readonly CorpusCase[] = [
  ...readThrough,
  ...writeThrough,
  ...limited,
  ...nodeRedis,
  ...upstash,
  ...supabase,
  ...documentCases,
  ...modules,
]
