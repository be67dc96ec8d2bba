// A shorter beginning may be that of an ordinary word.
const SHORTEST = 8
/** What stands behind text that was quoted up to some length, or broken off. */
const CUT = /^(?:$|["'`\\…\n]|\.\.\.)/

/** Without what is only the beginning of a secret: what we quote is cut off somewhere, and a secret with it. */
export function withoutCutSecrets(text: string, secrets: readonly string[], instead: string): string {
  let kept = text
  for (const secret of secrets) kept = withoutCut(kept, secret, instead)
  return kept
}

function withoutCut(text: string, secret: string, instead: string): string {
  const head = secret.slice(0, SHORTEST)
  if (secret.length <= SHORTEST) return text
  let kept = ''
  let from = 0
  for (let at = text.indexOf(head); at !== -1; at = text.indexOf(head, from)) {
    let length = SHORTEST
    while (length < secret.length && text[at + length] === secret[length]) length += 1
    const isCut = CUT.test(text.slice(at + length, at + length + 3))
    kept += text.slice(from, at) + (isCut ? instead : text.slice(at, at + length))
    from = at + length
  }
  return kept + text.slice(from)
}
