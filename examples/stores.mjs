// The three stores and the validation cache. SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY and REDIS_URL as of `cache sandbox`.
import { createClient } from '@supabase/supabase-js'
import * as cache from 'transparent-cache'

const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = process.env
// Node 20 has no WebSocket; who uses realtime there gives a real one.
const node20 = { realtime: { transport: class {} } }
const supabase = createClient(SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, node20)
const redis = cache.resolveRedisBackend() // null without Redis, which is fine
const hot = cache.resolveRedisBackend(process.env, 'conversations') // has a flag of its own
const conversations = cache.createConversationStore({ supabase, redis: hot })
const policies = cache.createPolicyStore({ supabase, redis })
const configs = cache.createConversationConfigStore({ supabase, redis })
const logins = cache.getValidationCache()

const [ada, eve] = ['ada', 'eve'].map((userId) => ({ tenantId: 'acme', userId }))
console.log(await logins.getOrValidate('ada', async () => ({ isValid: true })))
await policies.setPolicy('acme', { allowedModels: ['small'] })
await configs.setConfig('acme', { retentionDays: 30 })
const { allowedModels } = await policies.getPolicy('acme')
const { retentionDays } = await configs.getConfig('acme')
console.log(allowedModels, retentionDays, conversations.getBackendType())
const { id } = await conversations.createConversation(ada, { title: 'Budget' })
await conversations.appendMessage(ada, id, { role: 'user', content: 'How much is left?' })
const titleFor = async (viewer) => (await conversations.getConversation(viewer, id))?.title
console.log('ada sees', await titleFor(ada), '- eve sees', await titleFor(eve))
await conversations.updateSharing(ada, id, { shareAudience: 'tenant' })
console.log('eve sees', await titleFor(eve), (await conversations.getMessages(eve, id)).items.length)
for (const each of [policies, configs, conversations, logins]) await each.close()
