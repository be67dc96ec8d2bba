import type { SupabaseClient } from '@supabase/supabase-js'
import type { SubjectEnvironment } from './subject.js'

/** The client of an application on a server, with its default options; nobody listens to changes in a drill. */
export async function supabaseClient(
  { url, serviceRoleKey }: NonNullable<SubjectEnvironment['supabase']>,
  fetchOf: typeof fetch,
): Promise<SupabaseClient> {
  const { createClient } = await import('@supabase/supabase-js')
  return createClient(url, serviceRoleKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { fetch: fetchOf },
    // Without one it does not start on Node 20, which has no WebSocket.
    realtime: { transport: NoSocket as never },
  })
}

class NoSocket {}
