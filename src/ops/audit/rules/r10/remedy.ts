export const REMEDY =
  'Keep it in Redis and let a pass-through (cache) or a declared fail-open or fail-closed policy (limiter) answer while Redis is away.'
