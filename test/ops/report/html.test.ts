import { describe, expect, test } from 'vitest'
import type { DrillReport } from '../../../src/ops/report/drill-report.js'
import { ALLOWED } from '../../../src/ops/config/allowance.js'
import { compareReports as compareLoads } from '../../../src/ops/load/compare.js'
import { compareReports } from '../../../src/ops/outage/compare/compare-reports.js'
import { comparedDrillsPage, comparedLoadsPage, pageOf } from '../../../src/ops/report/html/index.js'
import { errorPage } from '../../../src/ops/report/html/pages/error-page.js'
import { STYLE } from '../../../src/ops/report/html/render/style.js'
import { writeHtml } from '../../../src/ops/report/writers/html.js'
import { wholeReport } from '../load/load-reports.js'
import { loadReport as savedLoad, saved } from '../load/saved-reports.js'
import { reportOf } from '../outage/report-of.js'
import { HOSTILE } from './hostile-digest.js'
import { failed, passed, saying, suite, unwitnessed } from './html/runs.js'

const written = (...drills: DrillReport[]) => writeHtml(pageOf(reportOf('fail', ...drills)))
/** What a reader gets: without tags, in one line. */
const textOf = (html: string) =>
  html
    .replace(/<(style|script)>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')

test('to run several subjects again no rate is told, as each has its own', () => {
  const again = (...drills: DrillReport[]) =>
    textOf(written(...drills)).match(/cache simulate-outage --subject[^\n]*?--after/g)
  expect(again(passed)).toEqual([expect.stringContaining('--rate 20')])
  const both = again(passed, { ...passed, subject: 'another' })!.join()
  expect(both).toContain('--subject another')
  expect(both).not.toContain('--rate')
})

test('a load test has a chart of memory where somebody looked, and none of nothing', () => {
  const report = wholeReport()
  const seen = (rssBytes: number | null) => ({
    ...report,
    timeline: report.timeline.map((second) => ({ ...second, rssBytes })),
  })
  expect(textOf(writeHtml(pageOf(seen(64 * 1024 * 1024))))).toContain('The process held 64.0 MiB before')
  expect(textOf(writeHtml(pageOf(seen(null))))).not.toContain('The process held')
})

describe('what is in it', () => {
  const text = textOf(written(failed, passed, unwitnessed))

  test('the verdict comes first, in words', () => {
    expect(text).toMatch(
      /Does anybody notice\? ✗ FAIL Callers of hand-made notice\. 1 passed, 1 failed, 1 inconclusive/,
    )
    expect(textOf(writeHtml(pageOf(reportOf('pass', passed))))).toContain('✓ pass Nobody noticed.')
    expect(textOf(writeHtml(pageOf(reportOf('inconclusive', unwitnessed))))).toContain(
      'It could not be told.',
    )
  })

  test('every clause with its result, and of a broken one what to do', () => {
    for (const { id, title, evidence, finding } of failed.clauses) {
      expect(text).toContain(`${id} ${title}`)
      expect(text).toContain(finding?.change ?? evidence)
    }
    expect(text).toContain('cache audit --rule R11')
  })

  test('a drill that proved nothing says why, once', () => {
    expect(text).toContain('the fault was not seen to arrive: 0 connections held')
    expect(text.match(/the drill is inconclusive/g) ?? []).toHaveLength(1)
  })

  test('how it was done, and how to do it again', () => {
    expect(text).toContain('1.0 s before, 3.0 s of the fault, 6.0 s after')
    expect(text).toContain(
      'cache simulate-outage --subject hand-made --drill stall --drill stall --drill stall --seed 1 --rate 20 --before 1s --during 3s --after 6s',
    )
  })

  test('a command that a report does not know whole is not made up', () => {
    const app = {
      command: 'node server.js',
      ready: 'http://localhost:1',
      probes: ['GET /'],
      variables: ['REDIS_URL'],
    }
    const page = textOf(writeHtml(pageOf({ ...reportOf('pass', passed), app })))
    expect(page).toContain('node server.js, ready at http://localhost:1')
    expect(page).not.toContain('To run it again')
    const module = textOf(written({ ...passed, subject: './cache.js#createCache' }))
    expect(module).not.toContain('To run it again')
  })

  test('charts are told in a sentence, and have their numbers in a table', () => {
    expect(text).toMatch(
      /The slowest answer took 3\.0 s, due when the fault began\. 1 call never got an answer\./,
    )
    expect(text).toContain('budget p99 250 ms')
    expect(text).toMatch(
      /Numbers: Latency Latency; seconds count from the fault second p50 worst never answered/,
    )
  })

  test('without curves there is all the rest', () => {
    const { series: _, ...rest } = failed
    const bare = textOf(written(rest))
    expect(bare).not.toContain('Over time')
    expect(bare).toContain('C3 bounded time')
  })

  test('when it was, where somebody knows', () => {
    const page = pageOf(reportOf('pass', passed), {
      startedAt: '2026-11-29T02:06:46.123Z',
      tool: 'transparent-cache 1',
    })
    expect(textOf(writeHtml(page))).toContain('2026-11-29 02:06:46 (UTC)')
  })
})

test('a load test: promises, phases, moments and parts', () => {
  const text = textOf(writeHtml(pageOf(wholeReport())))
  expect(text).toContain('✗ FAIL A promise was missed.')
  expect(text).toContain('during.p99 &lt; 250ms')
  expect(text).toContain('first slow')
  for (const phase of ['before', 'during', 'after', 'onset']) expect(text).toContain(phase)
  expect(text).toContain("--slo 'during.p99 &lt; 250ms'")
})

test('a report without a result is a page that says so', () => {
  const error = {
    kind: 'usage' as const,
    code: 'UNKNOWN_DRILL',
    message: "no drill '<b>'",
    suggestions: ['use --list'],
  }
  const html = writeHtml(
    errorPage({ schema: 'x', command: 'simulate-outage', verdict: 'inconclusive', error }),
  )
  expect(textOf(html)).toContain("UNKNOWN_DRILL It could not be done. no drill '&lt;b&gt;'")
  expect(html).toContain('use --list')
})

describe('two runs', () => {
  const of = (name: string, drill: DrillReport) => ({ name, at: null, report: reportOf('pass', drill) })
  const [a, b] = [of('main', passed), of('branch', failed)]
  const html = writeHtml(comparedDrillsPage(compareReports(a, b), a.report, b.report))
  const text = textOf(html)

  test('what is worse comes first, and then the curves over each other', () => {
    expect(text).toContain('✗ FAIL B is worse.')
    expect(text).toContain('C3 pass → fail')
    expect(text).toMatch(
      /Latency: worst At most: A 1 ms before, 1 ms in the fault, 1 ms after it; B 1 ms before, 3\.0 s in the fault/,
    )
    expect(html).toMatch(/class="line a"[^]*class="line b"/)
  })

  test('of the runs themselves only numbers are shown', () => {
    const other = { ...a.report, drills: [{ ...passed, phases: [] }] }
    const said = saying(other, 'theirs')
    said.drills[0]!.name = 'stall'
    const page = comparedDrillsPage(compareReports(a, a), said, said)
    expect(writeHtml(page)).not.toContain('theirs')
    expect(page.sections[0]!.blocks.some(({ kind }) => kind === 'charts')).toBe(true)
  })

  test('two load tests', () => {
    const [left, right] = [savedLoad(), savedLoad()]
    const compared = compareLoads(saved(left!), saved(right!), { allowance: ALLOWED, anyway: true })
    expect(textOf(writeHtml(comparedLoadsPage(compared, left!, right!)))).toContain('Is B worse than A?')
  })
})

describe('what others said is text, and nothing else', () => {
  const sound = new Set(tagsOf(writeHtml(pageOf(suite()))))
  const soundOfLoad = new Set(tagsOf(writeHtml(pageOf(wholeReport()))))

  test.each([
    ...HOSTILE,
    '</script><img src=x onerror=alert(1)>',
    '</style><style>*{display:none}',
    '" onload="x',
    "' onload='x",
  ])('%j', (text) => {
    const html = writeHtml(pageOf(saying(suite(), text)))
    expect(tagsOf(html).filter((tag) => !sound.has(tag))).toEqual([])
    expect(
      tagsOf(writeHtml(pageOf(saying(wholeReport(), text)))).filter((tag) => !soundOfLoad.has(tag)),
    ).toEqual([])
    // oxlint-disable-next-line no-control-regex
    expect(html).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/)
    expect(html).not.toMatch(/<[^>]*\son\w+=/)
  })

  test('of too much the beginning is shown, and it says so', () => {
    const html = writeHtml(pageOf({ ...suite(), subject: 'x'.repeat(100_000) }))
    expect(html).toContain('(cut off: 100,000 characters)')
    expect(Buffer.byteLength(html)).toBeLessThan(320_000)
  })

  test('half a character is none', () => {
    const html = writeHtml(pageOf({ ...suite(), subject: 'a\uD800b' }))
    expect(Buffer.from(html).toString()).toBe(html)
  })
})

/** Each tag once, by its name and those of its attributes. */
function tagsOf(html: string): string[] {
  const tags = html.match(/<[a-z!/][^>]*>/gi) ?? []
  return [...new Set(tags.map((tag) => tag.replace(/="[^"]*"/g, '=').replace(/=[\w-]+(?=[ >])/g, '=')))]
}

test('the same report gives the same bytes, and at most 300 kB for the usual suite', () => {
  const [first, second] = [writeHtml(pageOf(suite())), writeHtml(pageOf(structuredClone(suite())))]
  expect(second).toBe(first)
  expect(Buffer.byteLength(first)).toBeLessThanOrEqual(300_000)
})

test('nothing in it is from elsewhere', () => {
  const html = writeHtml(pageOf(suite()))
  expect(html).not.toMatch(/\s(?:src|srcset|action|poster|data)=/)
  expect([...html.matchAll(/\shref="([^"]*)"/g)].filter(([, to]) => !to!.startsWith('#'))).toEqual([])
  expect(html).not.toMatch(/@import|url\((?!#)/)
})

describe('every colour can be told from its ground', () => {
  const themes = [...STYLE.matchAll(/--ground:[^}]*/g)].map(([text]) =>
    Object.fromEntries([...text.matchAll(/--([\w-]+):(#\w+)/g)].map(([, name, value]) => [name!, value!])),
  )
  // WCAG 2.2: 4.5 for text, 3 for what is drawn.
  const TEXT = ['ink', 'dim', 'link', 'good', 'bad', 'open', 'limit']
  const DRAWN = [
    'main',
    'second',
    'third',
    'area-good',
    'area-calm',
    'area-care',
    'area-bad',
    'area-lost',
    'fault-bar',
  ]

  const GROUNDS = ['ground', 'raised', 'fault', 'good-ground', 'bad-ground', 'open-ground']

  test.each(themes)('%#', (theme) => {
    const weak = (names: string[], grounds: string[], least: number) =>
      grounds.flatMap((ground) =>
        names
          .filter((name) => contrast(theme[name]!, theme[ground]!) < least)
          .map((name) => `${name} on ${ground}`),
      )
    expect([
      ...weak(TEXT, ['ground'], 4.5),
      ...weak(['ink', 'dim'], GROUNDS, 4.5),
      ...weak(DRAWN, ['ground'], 3),
      ...weak(['main', 'second', 'third'], ['fault'], 3),
    ]).toEqual([])
  })
})

function contrast(first: string, second: string): number {
  const [light, dark] = [luminance(first), luminance(second)].sort((a, b) => b - a)
  return (light! + 0.05) / (dark! + 0.05)
}

function luminance(colour: string): number {
  const hex = colour.length === 4 ? colour.replace(/\w/g, '$&$&') : colour
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}
