// Documents of tenants, each with an owner.
import { setTimeout as sleep } from 'node:timers/promises'
import fastify from 'fastify'
import { createKeyValueClient, createTransparentCache, resolveRedisBackend } from 'transparent-cache'

const client = createKeyValueClient(resolveRedisBackend())
const cache = createTransparentCache(client, 'redis', { name: 'documents', ttl: 60 })

const rows = new Map()
async function load(tenant, id) {
  await sleep(2)
  return rows.get(`${tenant}/${id}`) ?? null
}

async function documentOf({ tenant, user }, id) {
  return cache.getOrLoad(`document:${tenant}:${id}`, async () => {
    const row = await load(tenant, id)
    return row && isShared(row, user) ? row : null
  })
}

function isShared({ owner }, user) {
  return owner === user
}

const app = fastify()
// Who it is was proved by the gateway in front.
const callerOf = ({ headers }) => ({ tenant: headers['x-tenant'], user: headers['x-user'] })
app.get('/health', () => ({ ok: true }))

app.get('/articles/:id', async (request, reply) => {
  const document = await documentOf(callerOf(request), request.params.id)
  return reply.status(document ? 200 : 404).send(document ?? { error: 'no such document' })
})

app.put('/articles/:id', async (request) => {
  const { tenant, user } = callerOf(request)
  const { id } = request.params
  rows.set(`${tenant}/${id}`, { id, owner: user, version: request.body.version })
  await cache.del(`document:${tenant}:${id}`)
  return { id }
})

app.delete('/articles/:id', async (request) => {
  const { tenant } = callerOf(request)
  const { id } = request.params
  rows.delete(`${tenant}/${id}`)
  await cache.del(`document:${tenant}:${id}`)
  return { id }
})

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
