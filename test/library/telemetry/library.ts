export { createTransparentCache, onEvent, setLogger } from '../../../src/library/index.js'
export { emit as emitForTest } from '../../../src/library/kernel/events.js'
