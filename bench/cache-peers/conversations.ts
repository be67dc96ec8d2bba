import { Redis } from 'ioredis'
import { families } from '../../src/library/families/families.js'
import { createConversationStore } from '../../src/library/stores/conversation/create-conversation-store.js'
import { everyConversation, VIEWER } from '../conversations.js'
import { ignored, type CachePeer, type PeerCache } from './cache-peer.js'

/** The store as an application has it: who may read is decided on every call. */
export const cachedConversation: CachePeer = {
  name: 'getConversation, cached',
  ioredis: 6,
  create: (url) => withStore(url),
}

/** The command and nothing else, for the same bytes. */
export const bareConversation: CachePeer = {
  name: 'ioredis GET of the same bytes',
  ioredis: 6,
  create(url) {
    const { set, del, close } = withStore(url)
    const client = connect(url)
    return {
      get: (id) => client.get(keyOf(id)),
      set,
      del,
      async close() {
        client.disconnect()
        await close()
      },
    }
  },
}

const keyOf = (conversationId: string) => families.conversation.pattern.build({ conversationId })

function connect(url: string): Redis {
  const client = new Redis(url)
  client.on('error', ignored)
  return client
}

function withStore(url: string): PeerCache {
  let loads = 0
  const source = everyConversation(() => void loads++)
  const store = createConversationStore({ source, redis: { backend: 'redis', url } })
  const past = connect(url)
  return {
    // What the source had to answer is no hit. One by one, so that it was this one's load.
    async get(id) {
      const before = loads
      const found = await store.getConversation(VIEWER, id)
      return loads === before ? found : null
    },
    // A store fills its cache when it is read, and the first reader does not wait for that.
    async set(id) {
      for (let attempt = 0; attempt < 500 && (await past.exists(keyOf(id))) === 0; attempt++) {
        await store.getConversation(VIEWER, id)
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    },
    del: (id) => past.del(keyOf(id)),
    async close() {
      past.disconnect()
      await store.close()
    },
  }
}
