/** Why TLS was not agreed upon, in one sentence, and what mends it. */
export interface TlsTrouble {
  why: string
  text: string
}

const TRUST =
  'Trust the authority that signed it: NODE_EXTRA_CA_CERTS=ca.pem. Never switch the verification off.'

const TROUBLES: Record<string, TlsTrouble> = {
  CERT_HAS_EXPIRED: {
    why: 'The certificate has expired.',
    text: 'Renew the certificate of the server, and let it load the new one.',
  },
  CERT_NOT_YET_VALID: {
    why: 'The certificate is not valid yet.',
    text: 'Compare the clock of this machine with the dates of the certificate.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    why: 'The certificate is for another host.',
    text: 'Name the server in REDIS_URL as its certificate does, or have this name added to it.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: { why: 'The certificate is self-signed, and not trusted here.', text: TRUST },
  SELF_SIGNED_CERT_IN_CHAIN: {
    why: 'The certificate is of an authority of its own, which is not trusted here.',
    text: TRUST,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    why: 'The authority that signed the certificate is not known here.',
    text: TRUST,
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    why: 'The authority that signed the certificate is not known here.',
    text: TRUST,
  },
}

/** What is said of a server that answers, but not with TLS. */
export const PLAIN: TlsTrouble = {
  why: 'It answers, but not with TLS.',
  text: 'Write redis:// in REDIS_URL, or point it at the port that speaks TLS.',
}

/** What is said of a server that asks for TLS and was spoken to without. */
export const ENCRYPTED: TlsTrouble = {
  why: 'It speaks TLS, and REDIS_URL says redis://.',
  text: 'Write rediss:// in REDIS_URL.',
}

/** Null when the error is not about TLS. */
export function tlsTrouble(code: string): TlsTrouble | null {
  const known = TROUBLES[code]
  if (known) return known
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code)) return PLAIN
  if (!/^ERR_(?:TLS|SSL|OSSL)|CERT|UNABLE_TO|DEPTH_ZERO|EPROTO/.test(code)) return null
  return {
    why: `TLS could not be agreed upon (${code}).`,
    text: 'Compare the versions and ciphers that both sides allow, and the certificate.',
  }
}
