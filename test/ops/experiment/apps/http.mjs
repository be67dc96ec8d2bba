import { createServer } from 'node:http'

/** Serves routes on the port that the environment names, and ends at SIGTERM. */
export function serve(routes) {
  const answer = async (request, response) => {
    const url = new URL(request.url, 'http://localhost')
    let body = ''
    for await (const chunk of request) body += chunk
    const [, key] = /^\/items\/(.+)$/.exec(url.pathname) ?? []
    const route = routes[`${request.method} ${key ? '/items/:key' : url.pathname}`]
    if (!route) return response.writeHead(404).end()
    try {
      const { status = 200, ...content } = (await route({ key, body })) ?? {}
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(Number(process.env.PORT), '127.0.0.1')
  process.on('SIGTERM', () => process.exit(0))
}
