import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { pageOf } from '../../../../src/ops/report/html/index.js'
import { writeHtml } from '../../../../src/ops/report/writers/html.js'
import { openChromium } from '../../../support/chromium.js'
import { wholeReport } from '../../load/load-reports.js'
import { HOSTILE } from '../hostile-digest.js'
import { saying, suite } from './runs.js'

const DESKTOP = { width: 1280, height: 900 }

const directory = mkdtempSync(join(tmpdir(), 'cache-html-'))
let browser: Browser

beforeAll(async () => {
  browser = await openChromium()
})
afterAll(async () => {
  await browser?.close()
  rmSync(directory, { recursive: true })
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

const PAGES = {
  drills: () => writeHtml(pageOf(suite())),
  'load test': () => writeHtml(pageOf(wholeReport())),
}
const NAMES = Object.keys(PAGES) as (keyof typeof PAGES)[]

/** The page as a file, with everything that it asked for and complained of. */
async function open(html: string, options: BrowserContextOptions = {}) {
  const file = join(directory, 'report.html')
  writeFileSync(file, html)
  const context = await browser.newContext({ viewport: DESKTOP, ...options })
  const page = await context.newPage()
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  const url = pathToFileURL(file).href
  await page.goto(url, { waitUntil: 'networkidle' })
  return { page, others: () => requests.filter((each) => each !== url), complaints }
}

/** What axe finds, by rule and place. It runs in a world of its own, where the page's policy does not hold. */
async function found(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  })
  const run = (expression: string) =>
    session.send('Runtime.evaluate', {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    })
  await run(axe.source)
  const { result, exceptionDetails } = await run(
    `axe.run(document).then(({ violations, passes }) => ({
      passes: passes.length,
      bad: violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, any }) => id + ' ' + target.join(' ') + ' ' + any.map(({ message }) => message).join(' '))) }))`,
  )
  expect(exceptionDetails).toBeUndefined()
  const { passes, bad } = result.value as { passes: number; bad: string[] }
  expect(passes).toBeGreaterThan(10)
  return bad
}

describe.each(NAMES)('%s', (name) => {
  test('asks for nothing and complains of nothing', async () => {
    const { page, others, complaints } = await open(PAGES[name]())
    await page.mouse.move(300, 700)
    expect(others()).toEqual([])
    expect(complaints).toEqual([])
    expect(await page.locator('h1').count()).toBe(1)
  })

  test.each<[string, BrowserContextOptions]>([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
  ])('axe finds nothing: %s', async (_look, options) => {
    const { page } = await open(PAGES[name](), options)
    await openAll(page)
    expect(await found(page)).toEqual([])
  })

  test('axe finds nothing: without the script', async () => {
    // axe needs timers, which a browser without scripts has not: the page is the same when its script is not in it.
    const { page } = await open(PAGES[name]().replace(/<script>.*<\/script>/s, ''))
    expect(await page.locator('.read').count()).toBe(0)
    await openAll(page)
    expect(await found(page)).toEqual([])
  })

  test.each([360, 768, 1280])('nothing is wider than a screen of %i px', async (width) => {
    const { page } = await open(PAGES[name](), { viewport: { width, height: 800 } })
    await openAll(page)
    const wide = await page.evaluate(WIDTH)
    expect(wide).toBe(width)
  })

  test('without a script all of it is there', async () => {
    const withScript = await open(PAGES[name]())
    const without = await open(PAGES[name](), { javaScriptEnabled: false })
    const text = (page: Page) =>
      page.evaluate(`(() => {
        const copy = document.querySelector('main').cloneNode(true)
        for (const each of copy.querySelectorAll('.read, .value')) each.remove()
        return copy.textContent.replace(/\\s+/g, ' ').trim()
      })()`)
    expect(await text(without.page)).toBe(await text(withScript.page))
    await expect(without.page.locator('.plot svg.in').first().isVisible()).resolves.toBe(true)
  })

  test('on paper it is light, everything is open, and nothing is left that only a screen can do', async () => {
    const { page } = await open(PAGES[name](), { colorScheme: 'dark', javaScriptEnabled: false })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const ground = await page.evaluate(GROUND)
    expect(ground).toBe('rgb(255, 255, 255)')
    expect(await page.locator('details table').first().isVisible()).toBe(true)
    expect(await page.locator('.skip').isVisible()).toBe(false)
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
  })
})

/** Also where the page's own scripts are off. */
async function openAll(page: Page): Promise<void> {
  await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
}

const GROUND = 'getComputedStyle(document.body).backgroundColor'
const WIDTH = 'document.documentElement.scrollWidth'

test('a value is read with the keyboard, and heard', async () => {
  const { page } = await open(PAGES.drills())
  const chart = page.locator('.chart').first()
  const reader = chart.getByRole('slider', { name: 'Read values: Latency' })
  await reader.focus()
  await page.keyboard.press('Home')
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight')
  const row = await chart.locator('tbody tr').nth(4).locator('th,td').allTextContents()
  const heard = await reader.getAttribute('aria-valuetext')
  expect(heard).toBe(`${row[0]} s: p50 ${row[1]}, worst ${row[2]!.trim()}`)
  await expect(chart.locator('.value').textContent()).resolves.toBe(heard)
  await page.keyboard.press('End')
  expect(await reader.getAttribute('aria-valuenow')).toBe(await reader.getAttribute('aria-valuemax'))
})

test('a value is read by pointing at it', async () => {
  const { page } = await open(PAGES.drills())
  const chart = page.locator('.chart').first()
  const reader = chart.locator('.read')
  await reader.scrollIntoViewIfNeeded()
  const box = (await reader.boundingBox())!
  await page.mouse.move(box.x + 1, box.y + 60)
  const first = await chart.locator('tbody tr').first().locator('th').textContent()
  expect(await chart.locator('.value').textContent()).toContain(`${first} s:`)
})

test('the keyboard gets to everything, in order, and the result is one step away', async () => {
  const { page } = await open(PAGES.drills())
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the result')
  const levels = await page
    .locator('h1,h2,h3,h4')
    .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])))
  expect(levels[0]).toBe(1)
  expect(levels.every((level, index) => index === 0 || level <= levels[index - 1]! + 1)).toBe(true)
  const links = await page.locator('a').evaluateAll((all) => all.map((each) => each.getAttribute('href')!))
  for (const to of links) await expect(page.locator(to).count()).resolves.toBe(1)
})

test('the theme is the reader’s choice', async () => {
  const { page } = await open(PAGES.drills(), { colorScheme: 'light' })
  const ground = () => page.evaluate(GROUND)
  const light = await ground()
  await page.getByRole('button', { name: 'dark' }).click()
  expect(await ground()).not.toBe(light)
  expect(await found(page)).toEqual([])
  await page.getByRole('button', { name: 'system' }).click()
  expect(await ground()).toBe(light)
})

test('what others said does nothing', async () => {
  const text = [...HOSTILE, '</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>'].join(' ')
  const { page, others, complaints } = await open(writeHtml(pageOf(saying(suite(), text))))
  expect(others()).toEqual([])
  expect(complaints).toEqual([])
  expect(await page.locator('img, iframe, main script').count()).toBe(0)
  expect(await page.locator('main').textContent()).toContain('<img src=x onerror=alert(1)>')
  expect(await page.evaluate(WIDTH)).toBe(DESKTOP.width)
})

test('the policy lets no other script run', async () => {
  const html = PAGES.drills().replace(
    '</main>',
    '<script>document.title = "theirs"</script><img src="https://example.invalid/x"></main>',
  )
  const { page, complaints } = await open(html)
  expect(await page.title()).not.toBe('theirs')
  expect(complaints.filter((each) => /Content Security Policy/.test(each))).toHaveLength(2)
})
