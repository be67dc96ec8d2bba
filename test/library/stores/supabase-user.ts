import { createClient, type SupabaseClient } from '@supabase/supabase-js'

/**
 * Somebody who asks Supabase, as an application's process does.
 * @param token of a user; without it the key says who asks
 */
export function supabaseUser(url: string, key: string, token?: string): SupabaseClient {
  return createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    // Node 20 has no WebSocket, and without one supabase-js asks for this; nothing here uses it.
    realtime: { transport: class {} as never },
    ...(token !== undefined && { accessToken: () => Promise.resolve(token) }),
  })
}
