-- What models cost, and since when: the price at a moment is the latest one that is valid from then or before. Prices are
-- added and not changed, so that what was spent can be computed again.

create table public.model_pricing (
  provider text not null check (provider <> ''),
  model text not null check (model <> ''),
  input_usd_per_million_tokens numeric not null
    check (input_usd_per_million_tokens >= 0 and input_usd_per_million_tokens < 'infinity'),
  output_usd_per_million_tokens numeric not null
    check (output_usd_per_million_tokens >= 0 and output_usd_per_million_tokens < 'infinity'),
  valid_from timestamptz not null default now(),
  primary key (provider, model, valid_from)
);

revoke all on public.model_pricing from anon, authenticated;
grant select on public.model_pricing to authenticated;
grant select, insert, update, delete on public.model_pricing to service_role;

alter table public.model_pricing enable row level security;

-- The same for every tenant.
create policy "whoever is logged in reads prices" on public.model_pricing
  for select to authenticated
  using (true);
