/** The beginning of what a server said. No word is cut in two: it may be a credential, which nobody would know in half. */
export function replyBeginning(reply: string, mostCharacters: number): string {
  return reply.length <= mostCharacters ? reply : reply.slice(0, mostCharacters).replace(/\s*\S*$/, ' …')
}
