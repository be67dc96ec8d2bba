import type { CorpusCase } from '../case.js'

/** Caches and limiters that a drill imports. */
export const modules: CorpusCase[] = []
