import { generateKeyPairSync } from 'node:crypto'
import { issueCertificate, type CertificateOptions } from './certificate.js'

/** `good`: as it should be. `expired`: since yesterday. `wrong-host`: made out to somebody else. */
export type Shown = 'good' | 'expired' | 'wrong-host'

/** A certificate and its key, as PEM. */
export interface Credentials {
  cert: string
  key: string
}

export interface TlsCredentials {
  /** Certificate of the authority that signed all of them, as PEM. It is no secret. */
  authority: string
  shown: Readonly<Record<Shown, Credentials>>
}

const DAY_MS = 24 * 60 * 60 * 1000
/** No drill takes longer. */
const VALID_MS = 30 * DAY_MS

/** Makes an authority, and certificates that differ in nothing but what is wrong with them. Keys are kept in memory only. */
export function makeTlsCredentials(names: NonNullable<CertificateOptions['names']>): TlsCredentials {
  const nowMs = Date.now()
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = { subject: 'transparent-cache drill authority', ...pair() }
  const usual = {
    issuer,
    // A clock that is a little behind is not what is tried out.
    notBefore: new Date(nowMs - 2 * DAY_MS),
    notAfter: new Date(nowMs + VALID_MS),
  }
  const server = (options: Partial<CertificateOptions>): Credentials => {
    const { publicKey, privateKey } = pair()
    const cert = issueCertificate({
      subject: 'transparent-cache drill',
      publicKey,
      names,
      ...usual,
      ...options,
    })
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
  }
  return {
    authority: issueCertificate({
      subject: issuer.subject,
      publicKey: issuer.publicKey,
      names: null,
      ...usual,
    }),
    shown: {
      good: server({}),
      expired: server({ notAfter: new Date(nowMs - DAY_MS) }),
      'wrong-host': server({ names: { dns: ['another-host.invalid'], ipv4: [] } }),
    },
  }
}
