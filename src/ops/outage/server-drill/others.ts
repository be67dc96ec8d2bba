import type { OperatorClient } from '../../../library/backends/operator-client.js'
import { OperatorError } from '../../../library/backends/operator-error.js'

/** Who else is connected to a server. */
export interface Others {
  /** Null where the server would not say. */
  clients: number | null
  /** Of these, Sentinels, who take a server that does not answer for dead. */
  sentinels: number
}

/** @param client whose own connection does not count */
export async function lookAtOthers(client: Pick<OperatorClient, 'send'>): Promise<Others> {
  try {
    const list = String(await client.send('CLIENT', 'LIST'))
    const lines = list.split('\n').filter((line) => line.startsWith('id='))
    const sentinels = lines.filter((line) => / name=sentinel-/.test(line)).length
    return { clients: Math.max(0, lines.length - 1), sentinels }
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'NOPERM') throw error
    return { clients: null, sentinels: 0 }
  }
}
