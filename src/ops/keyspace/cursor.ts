import { UsageError } from '../report/errors.js'
import type { ServerNode } from './nodes.js'

/** Where a pass stands on one node. */
export interface NodePosition {
  node: ServerNode
  /** SCAN's own; `0` before the first page. */
  cursor: string
  complete: boolean
}

const PART = /^([\w.:[\]-]+)@(\d{1,20})$/

/**
 * Where to go on, for `--cursor`: `RUN@CURSOR` of every node that has not been gone through, with commas between; `0` when
 * there is none. A cursor of SCAN is good only on the server, and in the run of it, that gave it.
 */
export function formatCursor(positions: readonly NodePosition[]): string {
  const open = positions.filter(({ complete }) => !complete)
  return open.length === 0 ? '0' : open.map(({ node, cursor }) => `${runOf(node)}@${cursor}`).join(',')
}

/**
 * The nodes that are left, and where on each.
 *
 * @throws UsageError for what is no cursor of ours, and for one of other servers or of an earlier run of them
 */
export function parseCursor(text: string, nodes: readonly ServerNode[]): NodePosition[] {
  return text.split(',').map((part) => {
    const [, run, cursor = ''] = PART.exec(part) ?? []
    if (run === undefined || BigInt(cursor) >= 2n ** 64n) {
      throw new UsageError(
        'BAD_CURSOR',
        `--cursor: ${JSON.stringify(part.slice(0, 60))} is not what an earlier pass printed.`,
        ['take the cursor from the end of the partial report, or leave it out to begin anew'],
      )
    }
    const node = nodes.find((each) => runOf(each) === run)
    if (!node) {
      throw new UsageError(
        'FOREIGN_CURSOR',
        `--cursor: no server here is the run ${run} that gave it; a restart makes cursors worthless.`,
        ['leave --cursor out to begin anew'],
      )
    }
    return { node, cursor, complete: false }
  })
}

/** Eight characters of the run id, else the address, of a server that does not tell. */
function runOf({ facts, address }: ServerNode): string {
  return facts.runId?.slice(0, 8) ?? address
}
