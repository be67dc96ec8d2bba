import ts from 'typescript'
import { above, all, bare } from '../syntax.js'
import { isHandle, wordsAround, type ProcessStore } from './process-stores.js'
import { reads, writes } from './store-uses.js'
import { valuesOf } from './store-values.js'

const CREDENTIAL =
  /session|csrf|xsrf|nonce|(?:^|[^a-z])t?otp|[a-z]Otp|lockout|magicLink|oauthState|pkce|verifier|passcode|captcha|twoFactor|2fa|(?:webauthn|passkey|auth|login)\w*Challenge|(?:verification|reset|auth|login|device|confirm\w*)(?:Code|Token)|(?:refresh|access|invite|revoked|sso)\w*Token|pendingVerif\w*|(?:pending|unconfirmed|temp|unverified)(?:Registration|Confirm|Login|Auth|Signup|User|Email|Reset|Invit|2fa|Mfa)\w*|revoked|(?:block|black|deny)list|(?:blocked|banned)(?:Ip|User|Client|Address|Token|Account)(?!\w*cache)\w*|rotat\w*Keys?$/i

/** Named for a credential, written by one function and looked up by another: a request elsewhere does not find it. */
export function holdsCredentials(store: ProcessStore): boolean {
  if (!CREDENTIAL.test(wordsAbout(store)) && !isAuthState(store) && !isUsedOnce(store)) return false
  // Begun with what stands in a setting, as on each instance.
  if (valuesOf(store.declaration).some((value) => ts.isNewExpression(bare(value)) && isGiven(bare(value))))
    return false
  const writers = new Set(store.uses.filter(writes).map(({ within }) => within))
  const storesHandle = store.uses
    .filter(writes)
    .some(({ args }) => args[1] !== undefined && isHandle(args[1]))
  return !storesHandle && store.uses.some((use) => reads(use) && !writers.has(use.within))
}

function isGiven(made: ts.Expression): boolean {
  return ts.isNewExpression(made) && made.expression.getText() === 'Set' && (made.arguments ?? []).length > 0
}

// A name that says of no entry what it is.
const PLAIN =
  /^_?(?:(?:in)?mem(?:ory)?|local|fallback)?_?(?:store|storage|cache|map|db|data|entries|items|records|values|state)?$/i

/** What a store is called; of one that has a plain name, what its entries, its class and the functions around it are called. */
export function wordsAbout(store: ProcessStore): string {
  const { declaration, name } = store
  if (!PLAIN.test(name)) return name
  const entries = all(declaration, ts.isTypeReferenceNode).map(({ typeName }) => typeName.getText())
  return [holderOf(declaration), ...entries, wordsAround(store)].join(' ')
}

/** The name of the class whose field it is. */
export function holderOf(declaration: ts.Node): string {
  return ts.isVariableDeclaration(declaration) ? '' : (above(declaration, ts.isClassLike)?.name?.text ?? '')
}

/** The state of a login that goes to another site and comes back, by the name of the field or of its class. */
function isAuthState({ declaration, name }: ProcessStore): boolean {
  const holder = holderOf(declaration)
  return /(?:oauth|oidc|openid|saml|sso|authori[sz]ation|login)\w*(?:state|request|flow|transaction)/i.test(
    `${holder}${name}`,
  )
}

const ASKED_FOR =
  /code|token|challenge|nonce|verif|confirm|otp|secret|invit|oauth|sso|login|passkey|registration|magic|ticket/i
const CLOCK = /\bnow\b|Date\.now|new Date|expir|\bttl\b/i

/** Taken out by whoever reads it, whom another function let in: a code, a challenge, the state of a login. */
function isUsedOnce(store: ProcessStore): boolean {
  const { name, uses, declaration } = store
  const entries = all(declaration, ts.isTypeReferenceNode).map(({ typeName }) => typeName.getText())
  if (
    /cache|memo(?!r)|queue|jobs?$/i.test(name) ||
    !(ASKED_FOR.test([wordsAround(store), ...entries].join(' ')) || /^states?(?:Map|Store)?$/i.test(name))
  )
    return false
  const writers = new Set(uses.filter(writes).map(({ within }) => within))
  return uses.some(({ node, method, within }) => {
    const isTaken = method === 'delete' || (method === '[]' && ts.isDeleteExpression(node.parent.parent))
    if (!isTaken || within === undefined || writers.has(within) || isOfOld(node, within)) return false
    return uses.some(
      (use) => /^(?:get|\[\])$/.test(use.method) && use.within === within && use.node.pos < node.pos,
    )
  })
}

/** Found to be too old, or swept. */
function isOfOld(node: ts.Node, within: ts.Node): boolean {
  for (let each = node; each !== within; each = each.parent) {
    if (ts.isIfStatement(each.parent) && CLOCK.test(each.parent.expression.getText())) return true
    if (ts.isForOfStatement(each.parent)) return true
  }
  return false
}
