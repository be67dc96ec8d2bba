import type { CorpusCase } from '../case.js'
import { cachesWaiting } from './modules-waiting.js'
import { cachesTelling } from './modules-values.js'
import { limiters } from './modules-limiters.js'

/** Caches and limiters that a drill imports. */
export const modules: CorpusCase[] = [...cachesWaiting, ...cachesTelling, ...limiters]
