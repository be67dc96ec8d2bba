-- What `cache doctor` asks the database about itself: numbers of the server as a whole, and never a query, a name or an
-- address. Needs Postgres 14. Its owner needs pg_read_all_stats, which `postgres` has on Supabase: without it the sessions
-- of others cannot be seen, and the answer then has none of their numbers instead of those of a part.

create function public.cache_doctor_database() returns jsonb
  language sql stable security definer
  -- pg_temp last: a table that a caller makes there must not stand in for a view of the catalogue.
  set search_path = pg_catalog, pg_temp
as $$
  with sessions as (
    select
      count(*) as connections,
      count(*) filter (where works) as active,
      -- What began after this transaction is not older than it.
      greatest(extract(epoch from now() - min(query_start) filter (where works)), 0) as query_seconds,
      greatest(extract(epoch from now() - min(state_change)
        filter (where state like 'idle in transaction%')), 0) as idle_seconds
    from (
      -- Whoever asks takes a connection, and is no work of others.
      select state, query_start, state_change, state = 'active' and pid <> pg_backend_pid() as works
      from pg_stat_activity
      where backend_type = 'client backend' and pg_has_role(current_user, 'pg_read_all_stats', 'usage')
    ) as clients
    -- A server that does not even count who asks does not count its sessions.
    having count(*) > 0
  ),
  waits as (
    -- In its first moment a wait has no beginning.
    select count(*) as waiting, greatest(extract(epoch from now() - min(waitstart)), 0) as seconds
    from pg_locks
    where not granted
  )
  select jsonb_build_object(
    'sees_all_sessions', pg_has_role(current_user, 'pg_read_all_stats', 'usage'),
    'connections', sessions.connections,
    'max_connections', current_setting('max_connections')::int,
    -- The second is there since Postgres 16.
    'reserved_connections',
      current_setting('superuser_reserved_connections')::int
      + coalesce(current_setting('reserved_connections', true)::int, 0),
    'active_connections', sessions.active,
    'longest_query_seconds', sessions.query_seconds,
    'longest_idle_in_transaction_seconds', sessions.idle_seconds,
    'waiting_for_locks', waits.waiting,
    'longest_lock_wait_seconds', waits.seconds,
    'blocks_hit', counted.blks_hit,
    'blocks_read', counted.blks_read,
    -- Null: never reset.
    'statistics_age_seconds', extract(epoch from now() - counted.stats_reset),
    'uptime_seconds', extract(epoch from now() - pg_postmaster_start_time())
  )
  from pg_stat_database as counted cross join waits left join sessions on true
  where counted.datname = current_database()
$$;

-- Supabase lets everybody execute what is in this schema unless it is told otherwise.
revoke execute on function public.cache_doctor_database() from public, anon, authenticated;
grant execute on function public.cache_doctor_database() to service_role;
