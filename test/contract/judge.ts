import { test } from 'vitest'
import { backendContract, type BackendContractOptions } from '../../src/ops/testing/index.js'

/**
 * Runs the contract. What does not apply is reported as skipped, with its reason.
 * @returns how many of its checks are judged, and the names of those that are not by reason
 */
export function judge(options: BackendContractOptions): { judged: string[]; exempt: Map<string, number> } {
  const judged: string[] = []
  const reasons = new Map<string, number>()
  for (const { name, exempt, run } of backendContract(options)) {
    if (exempt === undefined) judged.push(name)
    else reasons.set(exempt, (reasons.get(exempt) ?? 0) + 1)
    // Each has keys and clients of its own, and most of them wait.
    test.concurrent(name, async ({ skip }) => {
      if (exempt !== undefined) skip(exempt)
      await run()
    })
  }
  return { judged, exempt: reasons }
}
