import { keepConnection, type Answer, type NotAsked } from './kept-connection.js'

/** What it takes to ask. */
export interface SupabaseAccess {
  environment: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
}

export interface SupabaseLink {
  key: string
  /** @param path below `/rest/v1/`. @throws NotAsked */
  get(path: string): Promise<Answer>
  close(): void
}

/** Over REST with the service key; null for want of URL or key. Connects with the first question. */
export function openSupabase(
  { environment, signal }: SupabaseAccess,
  deadlineMs: number,
): SupabaseLink | null {
  const [url, key] = [environment['SUPABASE_URL']?.trim(), environment['SUPABASE_SERVICE_ROLE_KEY']?.trim()]
  if (!url || !key || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return null
  const kept = keepConnection(deadlineMs, signal)
  const headers = { apikey: key, authorization: `Bearer ${key}` }
  return {
    key,
    get: (path) => kept.ask(`${url.replace(/\/+$/, '')}/rest/v1/${path}`, { headers }),
    close: kept.close,
  }
}

/** Whether it is the answer to a read, and not the page of whatever else is found at that address. */
export function holdsRows(text: string): boolean {
  return /^\s*\[/.test(text)
}

/** Said of a check that was not answered, with the id of the one that tells more. */
export function unanswered({ message, late }: NotAsked): string {
  return `${message} (${late ? 'DB-005' : 'SUP-001'})`
}

/** Said of a check that has nobody to ask. */
export const NO_SUPABASE = 'not asked, for want of URL or key (ENV-001)'
