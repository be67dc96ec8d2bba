-- What a tenant has one of: its policy for language models, and its settings for conversations. A row is replaced whole.

create table public.tenant_llm_policies (
  tenant_id text primary key check (tenant_id <> ''),
  default_model text check (default_model <> ''),
  -- Null: all that the application offers. Whoever takes the last one away must not open everything.
  allowed_models text[] check (array_position(allowed_models, null) is null),
  allow_remote_egress boolean not null default false,
  -- NaN sorts above infinity, so neither gets in: JSON could carry them to nobody.
  monthly_budget_usd numeric check (monthly_budget_usd >= 0 and monthly_budget_usd < 'infinity'),
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
  updated_at timestamptz(3) not null default now()
);

create table public.conversation_configs (
  tenant_id text primary key check (tenant_id <> ''),
  -- Null in these two: the application's default.
  compact_after_messages integer check (compact_after_messages > 0),
  compact_after_idle_hours numeric check (compact_after_idle_hours >= 0 and compact_after_idle_hours < 'infinity'),
  -- Null: what is deleted is kept.
  retention_days integer check (retention_days >= 0),
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
  updated_at timestamptz(3) not null default now()
);

-- By the clock of the database, whatever the writer says.
create function public.stamp_tenant_record() returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create trigger stamp before insert or update on public.tenant_llm_policies
  for each row execute function public.stamp_tenant_record();
create trigger stamp before insert or update on public.conversation_configs
  for each row execute function public.stamp_tenant_record();

-- Supabase lets everybody execute what is in this schema unless it is told otherwise.
revoke execute on function public.stamp_tenant_record() from public, anon, authenticated;

-- Two locks: without the privilege nobody writes, whatever policies somebody adds later. The service role passes both.
revoke all on public.tenant_llm_policies, public.conversation_configs from anon, authenticated;
grant select on public.tenant_llm_policies, public.conversation_configs to authenticated;
grant select, insert, update, delete on public.tenant_llm_policies, public.conversation_configs to service_role;

alter table public.tenant_llm_policies enable row level security;
alter table public.conversation_configs enable row level security;

-- The claim is read once per statement, not once per row. Never from user_metadata, which its user may change.
create policy "members read their tenant's policy" on public.tenant_llm_policies
  for select to authenticated
  using (
    tenant_id = (select coalesce(auth.jwt() ->> 'tenant_id', auth.jwt() -> 'app_metadata' ->> 'tenant_id'))
  );
create policy "members read their tenant's settings" on public.conversation_configs
  for select to authenticated
  using (
    tenant_id = (select coalesce(auth.jwt() ->> 'tenant_id', auth.jwt() -> 'app_metadata' ->> 'tenant_id'))
  );
