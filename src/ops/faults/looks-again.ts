/**
 * Credentials and quotas are mended by people, so that a breaker waits a minute ± 20 % before it looks again (library study
 * §4.3), and HTTP has no connection whose return would tell sooner.
 */
export const LOOKS_AGAIN_WITHIN_MS = 72_000
