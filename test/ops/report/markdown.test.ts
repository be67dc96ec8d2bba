import MarkdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import { oneLine } from '../../../src/ops/report/writers/one-line.js'
import { writeMarkdown } from '../../../src/ops/report/writers/markdown.js'
import { digest, HOSTILE, hostileDigest, item } from './hostile-digest.js'

/** As GitHub reads it: HTML is let through, addresses become links. */
const reader = new MarkdownIt({ html: true, linkify: true })
const OURS = /^<\/?(?:h2|p|strong|ul|li|table|thead|tbody|tr|th|td|code|details|summary)>|^<br>|^<!-- -->/

test('the grave first, the rest folded, what is known left out', () => {
  const text = writeMarkdown(
    digest({
      facts: [{ label: 'Redis', text: 'h:6379' }],
      groups: [
        {
          title: 'things',
          items: [
            item({ remedy: 'mend it', commands: ['ss | grep x'] }),
            item({ id: 'X-002', level: 'ok', word: 'ok', message: 'fine', counts: false }),
            item({ id: 'X-003', level: 'not judged', word: 'skip', message: 'blind', counts: false }),
            item({ id: 'X-004', known: true }),
          ],
        },
      ],
      next: ['cache explain X-001'],
    }),
  )
  expect(text).toBe(`## cache x: FAIL

**1 FAIL: not well**

- Redis: h:6379

| | id | what | finding |
| --- | --- | --- | --- |
| FAIL | X-001 | a thing | it is broken<br>Fix: mend it<br>\`ss \\| grep x\` |

<details><summary>1 ok, 1 not judged, which is no ok</summary>

| | id | what | finding |
| --- | --- | --- | --- |
| ok | X-002 | a thing | fine |
| skip | X-003 | a thing | blind |

</details>

Next: \`cache explain X-001\`
`)
})

describe.each(HOSTILE)('%j', (hostile) => {
  const html = reader.render(writeMarkdown(hostileDigest(hostile)))

  test('is no markup, link or HTML of its own', () => {
    for (const [tag] of html.matchAll(/<[^>]*>/g)) expect(tag).toMatch(OURS)
    expect(html.match(/<tr>/g)).toHaveLength(4)
    expect(html.match(/<td>/g)).toHaveLength(8)
    expect(html.match(/<code>/g)).toHaveLength(3)
  })

  test('is shown as it is, in prose and in code', () => {
    const shown = html
      .replace(/<!-- -->/g, '')
      .replace(/<br>/g, '\n')
      .replace(/<[^>]*>/g, '\n')
    const decoded = shown
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
    // Conclusion and fact, twice as title, message, remedy and command, and what is next.
    const line = oneLine(hostile)
    expect(decoded.split('\n').filter((each) => each.includes(line))).toHaveLength(11)
  })

  test('refers to nobody and to nothing', () => {
    const prose = html.replace(/<code>.*?<\/code>/g, '')
    expect(prose).not.toMatch(/[@#]\w|:\/\/|www\.|GH-\d/i)
  })
})
