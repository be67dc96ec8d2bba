import { PASS, type Rule, type Treatment } from './rule.js'

const NOAUTH = 'NOAUTH Authentication required.'

const answer = (error: string): Treatment => ({ kind: 'answer', line: `-${error}\r\n`, ofIdentity: true })
const notLetIn = answer(NOAUTH)
const noExec = answer(`EXECABORT Transaction discarded because of: ${NOAUTH}`)
const wrongPassword = answer('WRONGPASS invalid username-password pair or user is disabled.')
const noHello = answer(
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> ' +
    'option can be used to authenticate the client and select the RESP protocol version at the same time',
)

/** Of a server that asks for a password which the client does not know. */
export const unauthenticated: Rule = ({ words, count }, command) => {
  switch (command.name) {
    case 'auth':
      return count <= 3 ? wrongPassword : PASS
    case 'hello':
      return hello(words.map((word) => word.toString('latin1')))
    case 'exec':
      return noExec
    default:
      return command.noAuth ? PASS : notLetIn
  }
}

/** What is wrong with how it is said, the server itself says; it does so before it asks who is there. */
function hello([, version, ...options]: string[]): Treatment {
  if (version === undefined) return noHello
  if (version !== '2' && version !== '3') return PASS
  let identifies = false
  for (let at = 0; at < options.length;) {
    const [option = '', ...values] = options.slice(at)
    if (/^auth$/i.test(option) && values.length >= 2) {
      identifies = true
      at += 3
    } else if (/^setname$/i.test(option) && values[0] !== undefined) {
      if (!/^[!-~]*$/.test(values[0])) return PASS
      at += 2
    } else return PASS
  }
  return identifies ? wrongPassword : noHello
}
