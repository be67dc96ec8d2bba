export { cache, type Run, type RunOptions } from '../../support/cache.js'
