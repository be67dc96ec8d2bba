import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto'
import {
  bitString,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  truth,
  utf8String,
} from './der.js'

export interface CertificateOptions {
  /** Common name. */
  subject: string
  publicKey: KeyObject
  issuer: { subject: string; publicKey: KeyObject; privateKey: KeyObject }
  notBefore: Date
  notAfter: Date
  /** Whom a server may call itself; null for the certificate of an authority, which signs others. */
  names: { dns: readonly string[]; ipv4: readonly string[] } | null
}

const EMPTY = sequence()
const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'))
const VERSION_3 = explicit(0, integer(Buffer.from([2])))

/**
 * Issues an X.509 certificate, signed with the issuer's P-256 key, as PEM.
 *
 * Ours, because what would do it brings twenty packages and a polyfill of `Reflect`, and openssl is not everywhere.
 */
export function issueCertificate(options: CertificateOptions): string {
  const { subject, publicKey, issuer, notBefore, notAfter } = options
  const signed = sequence(
    VERSION_3,
    // Positive, whatever the first bit.
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    commonName(issuer.subject),
    sequence(time(notBefore), time(notAfter)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensionsOf(options))),
  )
  const signature = sign('sha256', signed, issuer.privateKey)
  const der = sequence(signed, ECDSA_WITH_SHA256, bitString(signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(name))))
}

function extensionsOf({ publicKey, issuer, names }: CertificateOptions): Buffer[] {
  const ofBoth = [
    extension('2.5.29.14', octetString(keyIdentifier(publicKey))),
    extension('2.5.29.35', sequence(implicit(0, keyIdentifier(issuer.publicKey)))),
  ]
  if (names === null) {
    return [
      critical('2.5.29.19', sequence(truth())),
      // keyCertSign
      critical('2.5.29.15', bitString(Buffer.from([0x04]), 2)),
      ...ofBoth,
    ]
  }
  const general = [
    ...names.dns.map((name) => implicit(2, Buffer.from(name))),
    ...names.ipv4.map((address) => implicit(7, Buffer.from(address.split('.').map(Number)))),
  ]
  return [
    critical('2.5.29.19', EMPTY),
    // digitalSignature
    critical('2.5.29.15', bitString(Buffer.from([0x80]), 7)),
    // serverAuth
    extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', sequence(...general)),
    ...ofBoth,
  ]
}

const extension = (id: string, value: Buffer): Buffer => sequence(objectIdentifier(id), octetString(value))
const critical = (id: string, value: Buffer): Buffer =>
  sequence(objectIdentifier(id), truth(), octetString(value))

/** RFC 7093, method 1: only has to be the same for the same key. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const info = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(info).digest().subarray(0, 20)
}
