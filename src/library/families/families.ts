import { parsePattern, type KeyPattern } from './pattern.js'

/** A declared kind of key: how its keys are spelt and how long they live. */
export interface Family {
  readonly id: string
  readonly pattern: KeyPattern
  /** Lifetime in seconds; null where each key's window decides. */
  readonly ttlSeconds: number | null
  readonly summary: string
}

/** Canonical §9.2, and the conversation configuration, which is ours. */
export const families = {
  authValidation: family(
    'auth.validation',
    'copilot:auth:validation:{userId}',
    300,
    'whether a login is valid',
  ),
  conversation: family('conv', 'copilot:conv:{conversationId}', 60, 'hot conversations'),
  llmPolicy: family('llm.policy', 'copilot:llm:policy:{tenantId}', 300, "a tenant's LLM policy"),
  rateLimit: family('ratelimit', 'copilot:ratelimit:{bucket}:{identifier}', null, 'rate limiter windows'),
  conversationConfig: family(
    'conv-config',
    'copilot:conv-config:{tenantId}',
    300,
    "a tenant's conversation settings",
  ),
} as const satisfies Record<string, Family>

export const allFamilies: readonly Family[] = Object.values(families)

/** The family that a key belongs to and its parameters, or null for an orphan. */
export function findFamily(key: string): { family: Family; parameters: Record<string, string> } | null {
  for (const candidate of allFamilies) {
    const parameters = candidate.pattern.match(key)
    if (parameters) return { family: candidate, parameters }
  }
  return null
}

function family(id: string, pattern: string, ttlSeconds: number | null, summary: string): Family {
  return { id, pattern: parsePattern(pattern), ttlSeconds, summary }
}
