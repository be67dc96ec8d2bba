import type { Naming } from '../tenant-record/tenant-record.js'

/** What errors call this store. */
export const NAMING: Naming = {
  store: 'conversation-configs',
  find: 'getConfig',
  put: 'setConfig',
  remove: 'deleteConfig',
}
