import type { CorpusCase } from '../case.js'
import { waiting } from './apps-waiting.js'
import { modules } from './modules-all.js'

/** All cases, in the order in which they are shown. */
export const cases: readonly CorpusCase[] = [...waiting, ...modules]
