/** What a name that asks for a cache, limiter or store has in it; what it is has to be asked besides. */
export const NAMES_BACKEND = /cache|redis|valkey|upstash|limit|throttl|store|(?:^|_)kv/i
