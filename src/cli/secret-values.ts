/** What must never be shown, and what stands in its place. */
export type SecretValues = Map<string, string>

// Shorter values would blot out ordinary words; the patterns of the redactor still cover them inside URLs.
const shortest = 6
const secretName =
  /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|(?:^|_)(?:PASS|KEY|PAT)$|APIKEY|PRIVATE_KEY/i
const passwordName = /PASSW|SECRET|PASSPHRASE/i
// A place where a secret lies, or a measure of it, is not the secret.
const notASecretName = /_(?:FILE|PATH|DIR|TTL|MS|SECONDS|BYTES|COUNT|LIMIT|TYPE|NAME)$|TOKENS$/i
const urlName = /(?:^|_)(?:URL|URI|DSN)$/i

/** The secrets in an environment: values of secret-looking variables, credentials inside URLs, URLs that cannot be parsed. */
export function secretValuesOf(env: NodeJS.ProcessEnv): SecretValues {
  const secrets: SecretValues = new Map()
  const add = (value: string | undefined, instead = '[redacted]') => {
    if (value !== undefined && value.length >= shortest) secrets.set(value, instead)
  }
  for (const [name, value] of Object.entries(env)) {
    if (!value) continue
    if (secretName.test(name) && !notASecretName.test(name)) {
      if (!/^\d+$/.test(value) || passwordName.test(name)) add(value)
      for (const line of value.split('\n')) if (line !== value) add(line.trim())
    }
    for (const credential of credentialsIn(value)) add(credential)
    if (urlName.test(name) && !URL.canParse(value)) add(value, `<unparsable ${name}>`)
  }
  return secrets
}

/** Passwords inside a URL, as written and decoded; also when the URL cannot be parsed. */
function credentialsIn(value: string): string[] {
  const userinfo = /^[a-z][a-z0-9+.-]*:\/\/(.*)@/is.exec(value.trim())?.[1]
  if (userinfo === undefined) return []
  const colon = userinfo.indexOf(':')
  // `redis://secret@host` is a user to the URL, but people do write tokens there.
  const password = colon === -1 ? userinfo : userinfo.slice(colon + 1)
  try {
    return [password, decodeURIComponent(password)]
  } catch {
    return [password]
  }
}
