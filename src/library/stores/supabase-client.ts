/**
 * What is used of a client of `@supabase/supabase-js` 2.50 or newer: any `SupabaseClient` is one.
 *
 * Give the stores a client of the service role, on a server. They decide who may read what; row-level security is the
 * second lock, for clients that hold a user's token.
 */
export interface SupabaseClientLike {
  from(table: string): unknown
  rpc(name: string, parameters?: object): unknown
}
