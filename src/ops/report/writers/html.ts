import { createHash } from 'node:crypto'
import type { Page, Section } from '../html/page.js'
import { blockOf } from '../html/render/blocks.js'
import { escape } from '../html/render/escape.js'
import { PATTERNS } from '../html/render/patterns.js'
import { SCRIPT } from '../html/render/script.js'
import { STYLE } from '../html/render/style.js'
import { badge } from '../html/render/table.js'

/**
 * The page as one HTML file, which is complete without a script and asks for nothing, wherever it lies. The same page gives
 * the same bytes.
 */
export function writeHtml(page: Page): string {
  const { title, mark, sections } = page
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escape(`${mark.word}: ${title}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the result</a>
${PATTERNS}
<header>
<p class="of">${escape(page.command)}</p>
<h1>${escape(title)}</h1>
</header>
<main id="main">
<div class="verdict ${mark.level}">
<p class="of">${escape(page.question)}</p>
<p class="answer">${badge(mark)}${escape(page.answer)}</p>
<p>${escape(page.sentence)}</p>
</div>
${page.opening.map((section) => sectionOf(section, 'opening')).join('\n')}
${sections.map((section) => sectionOf(section, 'part')).join('\n')}
</main>
<footer><p>${escape(page.closing)}</p></footer>
<script>${SCRIPT}</script>
</body>
</html>
`
}

// Of scripts and styles only these two, and nothing from anywhere: what got through in spite of all would do nothing.
const POLICY = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(SCRIPT)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

function sectionOf({ id, title, mark, blocks }: Section, kind: 'opening' | 'part'): string {
  const heading = `${escape(id)}-title`
  return [
    `<section id="${escape(id)}" class="${kind}" aria-labelledby="${heading}">`,
    `<h2 id="${heading}">${escape(title)}${mark ? ` ${badge(mark)}` : ''}</h2>`,
    ...blocks.map(blockOf),
    ...(kind === 'part' ? ['<p class="note back"><a href="#main">Back to the result</a></p>'] : []),
    '</section>',
  ].join('\n')
}
