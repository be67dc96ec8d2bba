import { afterAll, beforeAll } from 'vitest'
import {
  createOperatorClient,
  type Command,
  type OperatorClient,
} from '../../../src/library/backends/operator.js'
import type { CheckReport } from '../../../src/ops/report/doctor-report.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { check, doctor } from './run.js'

/** A Redis that is there from the first test of a file to the last. */
export interface OwnServer {
  readonly sandbox: Sandbox
  readonly url: string
  /** An operator's client of it. */
  readonly admin: OperatorClient
  /** All of them, whatever becomes of each; then fails with the first that was refused. */
  send(commands: readonly Command[]): Promise<void>
  /** What one check says of it. */
  look(id: string, thresholds?: { warn?: number; fail?: number }): Promise<CheckReport>
}

export function ownServer(): OwnServer {
  let sandbox: Sandbox
  let admin: OperatorClient
  beforeAll(async () => {
    sandbox = await startSandbox()
    admin = await createOperatorClient({ url: sandbox.redis.url, deadlineMs: 10_000 })
  })
  afterAll(async () => {
    admin?.close()
    await sandbox?.stop()
  })
  return {
    get sandbox() {
      return sandbox
    },
    get url() {
      return sandbox.redis.url
    },
    get admin() {
      return admin
    },
    async send(commands) {
      for (const reply of await admin.pipeline(commands)) if (reply instanceof Error) throw reply
    },
    async look(id, thresholds = {}) {
      const report = await doctor(
        { REDIS_URL: sandbox.redis.url },
        { only: [id], thresholds: { [id]: thresholds } },
      )
      return check(report, id)
    },
  }
}
