// Pictures of the HTML report as people meet it, for whoever changes how it looks: light, dark, on a phone, without a script
// and on paper. Nothing judges them but eyes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { findChromium } from './find-chromium.js'

const DIRECTORY = '.cache/screenshots'
const LOOKS = {
  light: { viewport: { width: 1280, height: 900 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  plain: { viewport: { width: 768, height: 900 }, javaScriptEnabled: false },
}

const files = process.argv.slice(2)
if (files.length === 0) {
  console.error('usage: npm run report:screenshots -- REPORT.json...   (of simulate-outage or load-test)')
  process.exit(2)
}
const executablePath = findChromium()
if (executablePath === null) {
  console.error('no chromium on PATH: run scripts/ensure-chromium, or set CACHE_CHROMIUM')
  process.exit(3)
}
mkdirSync(DIRECTORY, { recursive: true })
const { pageOf, writeHtml } = await writer()
const pages = files.map((file) => [basename(file, '.json'), pageOf(JSON.parse(readFileSync(file, 'utf8')))])

const browser = await chromium.launch({
  executablePath,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
try {
  for (const [name, page] of pages) await picture(name, writeHtml(page))
} finally {
  await browser.close()
}

/** The report's own code, as nothing of the package hands it out. */
async function writer() {
  const outfile = resolve('.cache/report-html.mjs')
  await build({
    stdin: {
      contents: `export { writeHtml } from './src/ops/report/writers/html.js'
        export { pageOf } from './src/ops/report/html/index.js'`,
      resolveDir: '.',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  })
  return import(pathToFileURL(outfile).href)
}

async function picture(name, html) {
  const file = resolve(DIRECTORY, `${name}.html`)
  writeFileSync(file, html)
  console.log(`${file}  ${(Buffer.byteLength(html) / 1000).toFixed(1)} kB`)
  for (const [look, options] of Object.entries(LOOKS)) {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    await page.goto(pathToFileURL(file).href)
    await page.screenshot({ path: `${DIRECTORY}/${name}-${look}.png`, fullPage: true })
    if (look === 'light')
      await page.pdf({ path: `${DIRECTORY}/${name}.pdf`, format: 'A4', preferCSSPageSize: true })
    await context.close()
  }
}
