import type { NodeReport } from '../report/keys-report.js'
import { asReportError } from './as-report-error.js'
import type { ServerNode, UnreachableNode } from './nodes.js'
import type { NodePass } from './pass.js'

/** Every node, also one that could not be asked. */
export function reportNodes(
  passed: readonly NodePass[],
  unreachable: readonly UnreachableNode[],
  sizes: ReadonlyMap<ServerNode, number>,
): NodeReport[] {
  return [
    ...passed.map(({ node, keysSeen, complete, error }) => {
      return { address: node.address, databaseKeys: sizes.get(node) ?? null, keysSeen, complete, error }
    }),
    ...unreachable.map(({ address, error }) => {
      return { address, databaseKeys: null, keysSeen: 0, complete: false, error: asReportError(error) }
    }),
  ]
}
