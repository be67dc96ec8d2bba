import { beforeEach } from 'vitest'
import type { CheckStatus } from '../../../src/ops/report/doctor-report.js'

declare module 'vitest' {
  interface TaskMeta {
    /** Of a file: what its tests saw checks say, such as `CON-001 FAIL`. */
    doctorRows?: string[]
  }
}

const rows: string[] = []

/** What a check said of a real world, or for want of a right: the reporter of rows hears of it. */
export function seen<T extends { status: CheckStatus; missing?: string | null }>(id: string, found: T): T {
  const row = found.missing ? `${id} without the right` : `${id} ${found.status}`
  if (!rows.includes(row)) rows.push(row)
  return found
}

beforeEach(({ task }) => {
  // It is sent when the file has ended, with whatever was added by then.
  task.file.meta.doctorRows = rows
})
