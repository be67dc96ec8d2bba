import type { Digest, DigestItem } from '../../../src/ops/report/digest.js'

/** What a server, a key or a file name may say, against every format that we write. */
export const HOSTILE = [
  'a|b ||',
  '<img src=x onerror=alert(1)> </details> <!-- x',
  '`one` ``two`` ```',
  '**bold** _it_ ~~gone~~ [link](javascript:x) ![i](y) \\',
  'https://evil.example HTTP://evil.example www.evil.example ftp://evil.example mail@evil.example',
  '@admin #12 GH-12 octo/repo#7 $x$ &amp; &#64; :smile:',
  'first\n## heading\r\n- item\n\n::error::second',
  '\u001B[31mred\u001B[0m \u009B2J \u202Eright to left\u2028new \u0000',
  '::stop-commands::x %0A::add-mask::y ##[error]z title=a,b:c',
  ']]> "quoted" \'single\'',
]

export function item(change: Partial<DigestItem> = {}): DigestItem {
  return {
    id: 'X-001',
    title: 'a thing',
    level: 'fail',
    word: 'FAIL',
    message: 'it is broken',
    remedy: '',
    commands: [],
    counts: true,
    known: false,
    ...change,
  }
}

export function digest(change: Partial<Digest> = {}): Digest {
  return {
    title: 'cache x',
    word: 'FAIL',
    conclusion: '1 FAIL: not well',
    facts: [],
    groups: [{ title: 'things', items: [item()] }],
    next: [],
    ...change,
  }
}

/** Everywhere at once. */
export function hostileDigest(text: string): Digest {
  const hostile = { title: text, message: text, remedy: text, commands: [text] }
  return digest({
    conclusion: text,
    facts: [{ label: 'Redis', text }],
    groups: [
      { title: text, items: [item(hostile), item({ ...hostile, level: 'not judged', counts: false })] },
    ],
    next: [text],
  })
}
