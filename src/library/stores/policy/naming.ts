import type { Naming } from '../tenant-record/tenant-record.js'

/** What errors call this store. */
export const NAMING: Naming = {
  store: 'policies',
  find: 'getPolicy',
  put: 'setPolicy',
  remove: 'deletePolicy',
}
