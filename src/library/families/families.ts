import { declareFamily, type Family } from './family.js'

export type { Family } from './family.js'

/**
 * The kinds of key that the CLI knows by name: `cache keys` counts by them, `cache keys purge` deletes one of them. A
 * cache takes any other key as well; `cache keys` calls it an orphan, unless the project file declares its family.
 */
export const families = {
  /** `copilot:auth:validation:{userId}`, 300 s. */
  authValidation: declareFamily({
    id: 'auth.validation',
    pattern: 'copilot:auth:validation:{userId}',
    ttlSeconds: 300,
    summary: 'whether a login is valid',
    authorisation: true,
  }),
  /** `copilot:conv:{conversationId}`, 60 s. */
  conversation: declareFamily({
    id: 'conv',
    pattern: 'copilot:conv:{conversationId}',
    ttlSeconds: 60,
    summary: 'hot conversations',
    // With whom it is shared stands in the record.
    authorisation: true,
  }),
  /** `copilot:llm:policy:{tenantId}`, 300 s. */
  llmPolicy: declareFamily({
    id: 'llm.policy',
    pattern: 'copilot:llm:policy:{tenantId}',
    ttlSeconds: 300,
    summary: "a tenant's LLM policy",
    staleOk: true,
    authorisation: true,
  }),
  /** `copilot:ratelimit:{bucket}:{identifier}`, as long as its window. */
  rateLimit: declareFamily({
    id: 'ratelimit',
    pattern: 'copilot:ratelimit:{bucket}:{identifier}',
    ttlSeconds: null,
    // A limiter of the application's own, below ours, may count in another structure.
    type: null,
    summary: 'rate limiter windows',
    // Who is evicted starts again with the whole allowance.
    evictable: false,
  }),
  /** `copilot:conv-config:{tenantId}`, 300 s. */
  conversationConfig: declareFamily({
    id: 'conv-config',
    pattern: 'copilot:conv-config:{tenantId}',
    ttlSeconds: 300,
    summary: "a tenant's conversation settings",
    staleOk: true,
  }),
} as const satisfies Record<string, Family>

/** The same, as a list. */
export const allFamilies: readonly Family[] = Object.values(families)

/** The family that a key belongs to and its parameters, or null for an orphan. */
export function findFamily(key: string): { family: Family; parameters: Record<string, string> } | null {
  for (const candidate of allFamilies) {
    const parameters = candidate.pattern.match(key)
    if (parameters) return { family: candidate, parameters }
  }
  return null
}
