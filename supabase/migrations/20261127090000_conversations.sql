-- Conversations, their messages, and the branches that an application may keep of them. What is deleted stays as a row
-- with `deleted_at`, and is there for nobody.

create table public.conversations (
  id uuid primary key default gen_random_uuid(),
  tenant_id text not null check (tenant_id <> ''),
  user_id text not null check (user_id <> ''),
  title text,
  share_audience text not null default 'private' check (share_audience in ('private', 'tenant')),
  tenant_access text not null default 'view' check (tenant_access in ('view', 'edit')),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  message_count integer not null default 0 check (message_count >= 0),
  -- Of the message appended last; never goes down, so that a page's end stays where it was when messages are deleted.
  last_position integer not null default 0,
  -- Milliseconds, as clients have them: a list goes on from exactly the time that its last item showed.
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  last_message_at timestamptz(3),
  archived_at timestamptz(3),
  deleted_at timestamptz(3),
  unique (id, tenant_id)
);

create table public.conversation_messages (
  id uuid primary key default gen_random_uuid(),
  conversation_id uuid not null,
  tenant_id text not null,
  -- Within its conversation, from 1: two messages of one millisecond have an order, too.
  position integer not null check (position > 0),
  user_id text check (user_id <> ''),
  role text not null check (role in ('user', 'assistant', 'system', 'tool')),
  content text not null,
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  unique (conversation_id, position),
  unique (id, conversation_id),
  foreign key (conversation_id, tenant_id) references public.conversations (id, tenant_id) on delete cascade
);

-- A branch: the message that it ends with, and the branch that it left. No store of ours asks for them yet.
create table public.conversation_paths (
  id uuid primary key default gen_random_uuid(),
  conversation_id uuid not null,
  tenant_id text not null,
  parent_path_id uuid check (parent_path_id <> id),
  head_message_id uuid,
  name text,
  created_at timestamptz(3) not null default now(),
  unique (id, conversation_id),
  foreign key (conversation_id, tenant_id) references public.conversations (id, tenant_id) on delete cascade,
  -- Of the same conversation, both.
  foreign key (parent_path_id, conversation_id) references public.conversation_paths (id, conversation_id),
  foreign key (head_message_id, conversation_id) references public.conversation_messages (id, conversation_id)
    on delete set null (head_message_id)
);

-- What a viewer may read is his own and what is shared: one index for each, in the order of the list.
create index conversations_own on public.conversations (tenant_id, user_id, updated_at desc, id desc)
  where deleted_at is null;
create index conversations_shared on public.conversations (tenant_id, updated_at desc, id desc)
  where deleted_at is null and share_audience = 'tenant';
create index conversations_idle on public.conversations (tenant_id, last_message_at, id)
  where deleted_at is null;
create index conversation_paths_of_conversation on public.conversation_paths (conversation_id, tenant_id);
create index conversation_paths_children on public.conversation_paths (parent_path_id, conversation_id);
create index conversation_paths_heads on public.conversation_paths (head_message_id, conversation_id);

-- By the clock of the database, whatever the writer says.
create function public.stamp_conversation() returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end
$$;

create trigger stamp before update on public.conversations
  for each row execute function public.stamp_conversation();

-- Two locks: without the privilege nobody writes, whatever policies somebody adds later. The service role passes both.
revoke all on public.conversations, public.conversation_messages, public.conversation_paths from anon, authenticated;
grant select on public.conversations, public.conversation_messages, public.conversation_paths to authenticated;
grant select, insert, update, delete
  on public.conversations, public.conversation_messages, public.conversation_paths to service_role;

alter table public.conversations enable row level security;
alter table public.conversation_messages enable row level security;
alter table public.conversation_paths enable row level security;

-- The claims are read once per statement, not once per row. Never from user_metadata, which its user may change.
create policy "own and shared ones of the tenant" on public.conversations
  for select to authenticated
  using (
    deleted_at is null
    and tenant_id = (select coalesce(auth.jwt() ->> 'tenant_id', auth.jwt() -> 'app_metadata' ->> 'tenant_id'))
    and (user_id = (select auth.jwt() ->> 'sub') or share_audience = 'tenant')
  );

-- The policy above holds within these, too: a conversation that is not seen has no messages and no paths.
create policy "those of conversations that are seen" on public.conversation_messages
  for select to authenticated
  using (
    deleted_at is null
    and exists (
      select from public.conversations as seen
      where seen.id = conversation_messages.conversation_id and seen.tenant_id = conversation_messages.tenant_id
    )
  );
create policy "those of conversations that are seen" on public.conversation_paths
  for select to authenticated
  using (
    exists (
      select from public.conversations as seen
      where seen.id = conversation_paths.conversation_id and seen.tenant_id = conversation_paths.tenant_id
    )
  );

-- A message, its place and its count in one transaction. The conversation's row is locked first, so appends to it happen one
-- after the other and a reader who goes on from a position misses none. No row when the conversation is gone.
create function public.append_conversation_message(
  p_tenant_id text,
  p_conversation_id uuid,
  p_user_id text,
  p_role text,
  p_content text,
  p_metadata jsonb
) returns setof public.conversation_messages
  language sql volatile security invoker
  set search_path = ''
as $$
  with counted as (
    update public.conversations
    set message_count = message_count + 1, last_position = last_position + 1, last_message_at = clock_timestamp()
    where id = p_conversation_id and tenant_id = p_tenant_id and deleted_at is null
    returning id, tenant_id, last_position, last_message_at
  )
  insert into public.conversation_messages
    (conversation_id, tenant_id, position, user_id, role, content, metadata, created_at)
  select id, tenant_id, last_position, p_user_id, p_role, p_content, p_metadata, last_message_at
  from counted
  returning *
$$;

-- Counts it in the same transaction. False when it, or its conversation, was gone.
create function public.soft_delete_conversation_message(
  p_tenant_id text,
  p_conversation_id uuid,
  p_message_id uuid
) returns boolean
  language plpgsql volatile security invoker
  set search_path = ''
as $$
begin
  -- Its row first, as in an append: two who lock in different orders wait for each other for ever.
  perform 1 from public.conversations
  where id = p_conversation_id and tenant_id = p_tenant_id and deleted_at is null
  for no key update;
  if not found then
    return false;
  end if;
  update public.conversation_messages
  set deleted_at = clock_timestamp()
  where id = p_message_id
    and conversation_id = p_conversation_id
    and tenant_id = p_tenant_id
    and deleted_at is null;
  if not found then
    return false;
  end if;
  update public.conversations
  set message_count = message_count - 1
  where id = p_conversation_id and tenant_id = p_tenant_id;
  return true;
end
$$;

-- Two short walks along an index each, and not one along all conversations of the tenant.
create function public.list_readable_conversations(
  p_tenant_id text,
  p_user_id text,
  p_status text,
  p_limit integer,
  p_before_time timestamptz default null,
  p_before_id uuid default null
) returns setof public.conversations
  language sql stable security invoker
  set search_path = ''
as $$
  (
    select *
    from public.conversations as own
    where own.tenant_id = p_tenant_id
      and own.user_id = p_user_id
      and own.deleted_at is null
      and (p_status = 'all' or (p_status = 'archived') = (own.archived_at is not null))
      and (own.updated_at, own.id) < (
        coalesce(p_before_time, 'infinity'),
        coalesce(p_before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      )
    order by own.updated_at desc, own.id desc
    limit p_limit
  )
  union all
  (
    select *
    from public.conversations as shared
    where shared.tenant_id = p_tenant_id
      and shared.share_audience = 'tenant'
      and shared.user_id is distinct from p_user_id
      and shared.deleted_at is null
      and (p_status = 'all' or (p_status = 'archived') = (shared.archived_at is not null))
      and (shared.updated_at, shared.id) < (
        coalesce(p_before_time, 'infinity'),
        coalesce(p_before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      )
    order by shared.updated_at desc, shared.id desc
    limit p_limit
  )
  order by updated_at desc, id desc
  limit p_limit
$$;

create function public.list_conversation_messages(
  p_tenant_id text,
  p_conversation_id uuid,
  p_limit integer,
  p_after_position integer default 0
) returns setof public.conversation_messages
  language sql stable security invoker
  set search_path = ''
as $$
  select message.*
  from public.conversation_messages as message
  where message.conversation_id = p_conversation_id
    and message.tenant_id = p_tenant_id
    and message.deleted_at is null
    and message.position > p_after_position
    and exists (
      select from public.conversations as conversation
      where conversation.id = p_conversation_id
        and conversation.tenant_id = p_tenant_id
        and conversation.deleted_at is null
    )
  order by message.position
  limit p_limit
$$;

-- Supabase lets everybody execute what is in this schema unless it is told otherwise.
revoke execute on function
  public.stamp_conversation(),
  public.append_conversation_message(text, uuid, text, text, text, jsonb),
  public.soft_delete_conversation_message(text, uuid, uuid),
  public.list_readable_conversations(text, text, text, integer, timestamptz, uuid),
  public.list_conversation_messages(text, uuid, integer, integer)
  from public, anon, authenticated;
grant execute on function
  public.append_conversation_message(text, uuid, text, text, text, jsonb),
  public.soft_delete_conversation_message(text, uuid, uuid),
  public.list_readable_conversations(text, text, text, integer, timestamptz, uuid),
  public.list_conversation_messages(text, uuid, integer, integer)
  to service_role;
