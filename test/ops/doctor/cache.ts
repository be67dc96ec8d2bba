export { cache, type Run } from '../../support/cache.js'
