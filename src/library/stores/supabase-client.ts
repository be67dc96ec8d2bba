/**
 * What is used of a client of `@supabase/supabase-js` 2.50 or newer: any `SupabaseClient` is one.
 *
 * Give the stores a client of the service role, on a server. They decide who may read what; row-level security is the
 * second lock, for clients that hold a user's token.
 */
export interface SupabaseClientLike {
  /** Begins a query of a table. */
  from(table: string): unknown
  /** Begins a call of a function. */
  rpc(name: string, parameters?: object): unknown
}
