import { parsePattern, type KeyPattern } from './pattern.js'

/** A declared kind of key: how its keys are spelt and how long they live. */
export interface Family {
  /** Short name, as the CLI takes it, such as `auth.validation`. */
  readonly id: string
  /** Builds and recognises its keys. */
  readonly pattern: KeyPattern
  /** Lifetime in seconds; null where each key's window decides. */
  readonly ttlSeconds: number | null
  /** What is kept under such keys, in a few words. */
  readonly summary: string
}

/**
 * The kinds of key that the CLI knows by name: `cache keys` counts by them, `cache keys purge` deletes one of them. A
 * cache takes any other key as well; `cache keys` calls it an orphan.
 */
export const families = {
  /** `copilot:auth:validation:{userId}`, 300 s. */
  authValidation: family(
    'auth.validation',
    'copilot:auth:validation:{userId}',
    300,
    'whether a login is valid',
  ),
  /** `copilot:conv:{conversationId}`, 60 s. */
  conversation: family('conv', 'copilot:conv:{conversationId}', 60, 'hot conversations'),
  /** `copilot:llm:policy:{tenantId}`, 300 s. */
  llmPolicy: family('llm.policy', 'copilot:llm:policy:{tenantId}', 300, "a tenant's LLM policy"),
  /** `copilot:ratelimit:{bucket}:{identifier}`, as long as its window. */
  rateLimit: family('ratelimit', 'copilot:ratelimit:{bucket}:{identifier}', null, 'rate limiter windows'),
  /** `copilot:conv-config:{tenantId}`, 300 s. */
  conversationConfig: family(
    'conv-config',
    'copilot:conv-config:{tenantId}',
    300,
    "a tenant's conversation settings",
  ),
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

function family(id: string, pattern: string, ttlSeconds: number | null, summary: string): Family {
  return { id, pattern: parsePattern(pattern), ttlSeconds, summary }
}
