// A shorter beginning may be that of an ordinary word.
const SHORTEST = 8
/** Says that something was left out. */
const LEFT_OUT = /^(?:…|\.\.\.)/
// What is this long is no name, and no word of ours.
const SHORTEST_UNTOLD = 24
/** What stands behind text that was quoted up to some length. */
const ENDS = /^(?:$|["'`\\\n])/

/** What a text holds if it holds a secret that was cut off; most hold none, and are not looked at any further. */
export function beginningOf(secret: string): string {
  return secret.slice(0, SHORTEST)
}

/** Without what is only the beginning of a secret: what we quote is cut off somewhere, and a secret with it. */
export function withoutCutSecrets(text: string, secrets: readonly string[], instead: string): string {
  let kept = text
  for (const secret of secrets) if (secret.length > SHORTEST) kept = withoutCut(kept, secret, instead)
  return kept
}

function withoutCut(text: string, secret: string, instead: string): string {
  const head = beginningOf(secret)
  let kept = ''
  let from = 0
  for (let at = text.indexOf(head); at !== -1; at = text.indexOf(head, from)) {
    let length = SHORTEST
    while (length < secret.length && text[at + length] === secret[length]) length += 1
    const next = text.slice(at + length, at + length + 3)
    const isCut = LEFT_OUT.test(next) || (length >= SHORTEST_UNTOLD && ENDS.test(next))
    kept += text.slice(from, at) + (isCut ? instead : text.slice(at, at + length))
    from = at + length
  }
  return kept + text.slice(from)
}
