/** Whom the REST endpoint logs in as; may do nothing but take on one of the roles that tokens name. */
export const AUTHENTICATOR = 'authenticator'

/**
 * What is there on Supabase before the first migration: its roles, the schema `auth` whose functions read the claims of
 * the request, and the privileges that a new table of `public` comes with, so that row-level security is what protects it.
 *
 * @param password hexadecimal: a role's password cannot be a parameter of the statement
 */
export function bootstrapSql(password: string): string {
  if (!/^[0-9a-f]{16,}$/.test(password)) throw new RangeError('the password is not hexadecimal, or short')
  return `
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role ${AUTHENTICATOR} login noinherit password '${password}';
grant anon, authenticated, service_role to ${AUTHENTICATOR};

grant usage on schema public to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;

create schema extensions;
grant usage on schema extensions to anon, authenticated, service_role;

create schema auth;
grant usage on schema auth to anon, authenticated, service_role;
create function auth.jwt() returns jsonb language sql stable
  as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
create function auth.uid() returns uuid language sql stable
  as $$ select nullif(auth.jwt() ->> 'sub', '')::uuid $$;
create function auth.role() returns text language sql stable
  as $$ select auth.jwt() ->> 'role' $$;
`
}
