// What a rule can say something about is announced by a word: the name of a backend, of a limiter, or of state that
// instances must share, together with something that keeps it in the process.
const BACKEND =
  /redis|valkey|upstash|vercel\/kv|keyv|rate[-_ ]?limit|limiter|throttl|key[-/ ]value store|\bkv\w*store/i
// Callers know a cache by its name alone.
const ASKS_CACHE =
  /\bawait\s+(?:\w+[!?]?\.)*#?\w*cache\w*[!?]?\.(?:\w+[!?]?\.)?(?:h?get|h?set|put|del|delete|has|wrap|remember|fetch|invalidate)\w*\s*[(<]/i
// Nobody waits for it, and somebody has thought of its failure.
const CATCHES_OF_CACHE =
  /cache\w*[!?]?\.(?:h?get|h?set|put|del|delete|wrap|remember|fetch|invalidate)\w*\s*\([^;]{0,400}?\)\s*\.catch\(/i
// `const { cacheGet } = await import('@own/cache')`
const IMPORTS_CACHE =
  /(?:from\s+|import\(|require\()['"](?!next\/|react|@apollo|@tanstack)[^'"\n]*cach(?:e|ing)[^'"\n]*['"]/i
const CALLS_CACHE = /\b(?:cache[A-Z]\w*|\w+Cached?)\s*[(<]/
// `if (!app.cache)`, `cache?.get(key)`: whether there is one at all.
const ASKS_WHETHER =
  /[(!&|]\s*(?:\w+\.)*cache(?:service|client|manager|store|provider)?\s*(?:\)|&&)|\bcache\w*\?\.(?:get|set|put|del|has|wrap|invalidate)\w*\(/i
const IN_PROCESS = /new\s+(?:Map|Set|LRU\w*|\w*Cache)\b|:\s*Record<[^>]*>\s*=\s*\{\s*\}/
// A factory of stores, written as a function that gives out functions.
const MAKES_STORE = /(?:create|make|build|init)\w*(?:Cache|Store|Storage|Limit\w*)\w*\s*(?:=|\()/
const IN_MEMORY = /\b(?:In)?Memory\w*(?:Cache|Store|Storage|Limit)|\w(?:Cache|Store|Limiter)(?:In)?Memory\b/
const SECOND_CHOICE = /(?:cache|limiter)[^]*fallback|fallback[^]*(?:cache|limiter)/i
const SHARED_STATE =
  /limit|attempt|lockout|session|csrf|xsrf|nonce|otp|token|revoked|blocklist|blacklist|denylist|dedup|duplicate|idempot|cooldown|replay|challenge|throttl|quota|webhook|processed|pending/i

// A collection that lives as long as the process, beside the name of somebody of whom there are ever more.
const LIVES_LONG =
  /^(?:export\s+)?(?:const|let|var)\s+\w+[^=\n]*=\s*(?:[^\n;]*(?:\?\?|\|\|)=?\s*)?\(?(?:new\s+(?:Map|Set)\b|\{\}|\[\])|^\s+(?!const|let|var|return)[\w#. ]+(?::[^=\n]*)?=\s*new\s+(?:Map|Set)\b/m
const GROWS_WITH =
  /(?:user|tenant|org|account|customer|member|email|session|team|workspace|project|client|visitor|token|chat|request|phone|wallet|device|socket|room|guild|url|address|prompt|nonce|challenge|state|code|job|lock|key|event|message|webhook|order|payment|conversation)(?:_?id|s?\b|\w*key)|\bip\b/i

// What such files import may be one side of a choice that they make: the class that keeps things in memory instead.
const DECLARES_STORE = /(?:class|interface|type|function|const|let)\s+\w*(?:cache|store|limit|memory|client)/i
// Keys and lifetimes are often built in a module of their own.
const DECLARES_KEYS =
  /export\s+(?:default\s+)?(?:async\s+)?(?:const|function|enum|class)\s+(?:\w*(?:Keys?|KEYS?|TTL|Ttl|Prefix|PREFIX)|keys?)\w*/

/** Whether a file can concern any rule. The others are not parsed. */
export function concernsCaching(text: string): boolean {
  return (
    BACKEND.test(text) ||
    ASKS_CACHE.test(text) ||
    (CALLS_CACHE.test(text) && IMPORTS_CACHE.test(text)) ||
    CATCHES_OF_CACHE.test(text) ||
    ASKS_WHETHER.test(text) ||
    SECOND_CHOICE.test(text) ||
    IN_MEMORY.test(text) ||
    (IN_PROCESS.test(text) && (SHARED_STATE.test(text) || MAKES_STORE.test(text))) ||
    // A comment that accepts what is no longer there is told.
    text.includes('cache-audit-ignore') ||
    (LIVES_LONG.test(text) && GROWS_WITH.test(text))
  )
}

/** Whether an import from such a file is worth following. */
export function mayBeUsedForCaching(text: string): boolean {
  return concernsCaching(text) || DECLARES_STORE.test(text) || DECLARES_KEYS.test(text)
}
