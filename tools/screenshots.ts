/**
 * @module tools/screenshots
 * `npm run screenshots`: a picture of every page that people meet, in light and dark, narrow and wide, right to left, in
 * Thai and in Japanese, and one sheet of each kind to look at. The pages are the real ones, filled as the preview fills
 * them, in the browser of the tests. `npm run screenshots -- --docs` renews the pictures of the documentation.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { chooseLanguage, type PreviewMaterial, previewSamples } from '../src/pages/index.ts'
import { createPresentation, sources } from '../src/sources/index.ts'
import { launchBrowser } from '../test/support/browser.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const ORIGIN = 'http://localhost'
const NONCE = 'screenshots'

/** How a page is looked at. */
interface Variant {
  readonly name: string
  readonly language: string
  readonly colorScheme: 'light' | 'dark'
  readonly width: number
}

const [NARROW, WIDE] = [360, 1_024]
const HEIGHT = 780

const VARIANTS: readonly Variant[] = [
  { name: 'light-wide', language: 'en', colorScheme: 'light', width: WIDE },
  { name: 'dark-wide', language: 'en', colorScheme: 'dark', width: WIDE },
  { name: 'light-narrow', language: 'en', colorScheme: 'light', width: NARROW },
  { name: 'dark-narrow', language: 'de', colorScheme: 'dark', width: NARROW },
  { name: 'right-to-left', language: 'ar', colorScheme: 'light', width: NARROW },
  { name: 'right-to-left-wide', language: 'he', colorScheme: 'dark', width: WIDE },
  { name: 'thai', language: 'th', colorScheme: 'light', width: NARROW },
  { name: 'japanese', language: 'ja', colorScheme: 'light', width: NARROW },
]

/** The scripts that a browser for tests has no letters for, with the Debian packages that do. */
const FONTS = [
  { language: 'ar', package: 'fonts-noto-core' },
  { language: 'he', package: 'fonts-noto-core' },
  { language: 'th', package: 'fonts-noto-core' },
  { language: 'ja', package: 'fonts-noto-cjk' },
] as const

/** What the list shows, in the order of the states that the preview gives them: the last three are a phone's and unavailable ones. */
const SHOWN = [
  'fitbit',
  'garmin',
  'oura',
  'strava',
  'polar',
  'withings',
  'apple-health',
  'komoot',
  'google-fit',
]

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const presentation = createPresentation(new Map())

function materialIn(language: string): PreviewMaterial {
  const byKey = new Map([...sources.values()].map((source) => [source.key, source]))
  const [first, ...others] = SHOWN.flatMap((key) => byKey.get(key) ?? []).map((source) => {
    const { text, language: of } = presentation.description(source, language)
    return {
      id: source.id,
      key: source.key,
      name: source.name,
      logo: presentation.logo(source.key) === null ? null : `/logos/${source.key}`,
      description: text,
      descriptionLanguage: of,
    }
  })
  if (first === undefined) throw new Error('There are no sources.')
  return { application: 'Tidewell', sources: [first, ...others], home: '/' }
}

/** One sentence that names the packages, for a machine that lacks letters; null when all are there. */
function missingFonts(): string | null {
  const lacks = ({ language }: (typeof FONTS)[number]) =>
    execFileSync('fc-list', [`:lang=${language}`, 'family'], { encoding: 'utf8' }).trim() === ''
  try {
    const packages = [...new Set(FONTS.filter(lacks).map((font) => font.package))]
    return packages.length === 0
      ? null
      : `Some letters have no font here. On Debian or Ubuntu: apt-get install ${packages.join(' ')}`
  } catch {
    return 'The fonts of this machine cannot be listed: boxes in place of letters mean that fonts-noto-core and fonts-noto-cjk are missing.'
  }
}

/** A page that draws what we give it, and finds the logos of the catalogue at their addresses. */
async function openPage(browser: Browser, { colorScheme, width, language }: Variant): Promise<Page> {
  const context = await browser.newContext({
    colorScheme,
    locale: language,
    viewport: { width, height: HEIGHT },
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
  })
  const page = await context.newPage()
  await page.route(`${ORIGIN}/logos/*`, (route) => {
    const logo = presentation.logo(path.basename(new URL(route.request().url()).pathname))
    return logo === null
      ? route.fulfill({ status: 404 })
      : route.fulfill({ contentType: logo.mediaType, body: Buffer.from(logo.bytes) })
  })
  return page
}

async function draw(page: Page, html: string): Promise<void> {
  await page.route(`${ORIGIN}/`, (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }),
  )
  await page.goto(`${ORIGIN}/`, { waitUntil: 'load' })
  await page.unroute(`${ORIGIN}/`)
}

const htmlOf = (key: string, tag: string): string => {
  const sample = previewSamples.find((one) => one.key === key)
  if (sample === undefined) throw new Error(`There is no page ${key}.`)
  const language = chooseLanguage({ asked: tag, acceptLanguage: null, fallback: null })
  return String(sample.render(materialIn(language.tag), { language, nonce: NONCE }))
}

/** A sheet with all pictures of a variant, so that they can be looked at together. */
async function drawSheet(
  page: Page,
  { name, width }: Variant,
  shots: readonly Shot[],
  file: string,
): Promise<void> {
  const shown = width === NARROW ? 240 : 480
  const figures = shots.map(
    ({ key, png }) =>
      `<figure><figcaption>${key}</figcaption><img width="${shown}" src="data:image/png;base64,${png.toString('base64')}"></figure>`,
  )
  await page.setViewportSize({ width: 1_600, height: HEIGHT })
  await draw(
    page,
    `<!doctype html><html dir="ltr"><meta charset="utf-8"><title>${name}</title><style>body{font:14px sans-serif;background:#8a8f98;margin:16px;display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}figure{margin:0}figcaption{color:#fff;margin-bottom:4px}img{display:block}</style>${figures.join('')}`,
  )
  await page.screenshot({ path: file, fullPage: true })
}

interface Shot {
  readonly key: string
  readonly png: Buffer
}

async function drawAll(browser: Browser, folder: string): Promise<void> {
  for (const variant of VARIANTS) {
    const page = await openPage(browser, variant)
    const shots: Shot[] = []
    for (const { key } of previewSamples) {
      await draw(page, htmlOf(key, variant.language))
      const file = path.join(folder, variant.name, `${key}.png`)
      shots.push({ key, png: await page.screenshot({ path: file, fullPage: true }) })
    }
    await drawSheet(page, variant, shots, path.join(folder, `${variant.name}.png`))
    await page.context().close()
    print(`${variant.name}: ${shots.length} pages`)
  }
}

/** The pictures of the documentation: some pages side by side, as on phones. */
const PICTURES: readonly {
  readonly file: string
  readonly pages: readonly {
    readonly key: string
    readonly language: string
    readonly colorScheme: 'light' | 'dark'
  }[]
}[] = [
  {
    file: 'widget.png',
    pages: [
      { key: 'list', language: 'en', colorScheme: 'light' },
      { key: 'list', language: 'de', colorScheme: 'dark' },
      { key: 'list', language: 'ar', colorScheme: 'light' },
      { key: 'list', language: 'ja', colorScheme: 'dark' },
    ],
  },
  {
    file: 'pages.png',
    pages: [
      { key: 'before-leaving', language: 'en', colorScheme: 'light' },
      { key: 'connected', language: 'th', colorScheme: 'light' },
      { key: 'confirm-disconnect', language: 'en', colorScheme: 'dark' },
      { key: 'pairing', language: 'fr', colorScheme: 'dark' },
    ],
  },
]

async function drawPictures(browser: Browser): Promise<void> {
  for (const { file, pages } of PICTURES) {
    const shots: Buffer[] = []
    for (const { key, language, colorScheme } of pages) {
      const page = await openPage(browser, { name: key, language, colorScheme, width: NARROW })
      await draw(page, htmlOf(key, language))
      shots.push(await page.screenshot())
      await page.context().close()
    }
    const frame = await openPage(browser, { name: file, language: 'en', colorScheme: 'light', width: 1_240 })
    const images = shots.map(
      (png) => `<img width="285" src="data:image/png;base64,${png.toString('base64')}">`,
    )
    await draw(
      frame,
      `<!doctype html><meta charset="utf-8"><title>${file}</title><style>body{margin:0;padding:20px;display:flex;gap:20px;width:max-content;background:#e4e8ee}img{border-radius:18px;box-shadow:0 6px 24px #0003}</style>${images.join('')}`,
    )
    await frame.locator('body').screenshot({ path: path.join(ROOT, 'docs/images', file), scale: 'css' })
    await frame.context().close()
    print(`docs/images/${file}`)
  }
}

const { values } = parseArgs({ options: { docs: { type: 'boolean' }, to: { type: 'string' } } })
const lack = missingFonts()
if (lack !== null) print(lack)
const browser = await launchBrowser({ withMachineFonts: true })
try {
  if (values.docs === true) await drawPictures(browser)
  else {
    const folder = path.resolve(values.to ?? path.join(ROOT, 'screenshots'))
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    await drawAll(browser, folder)
    print(`Look at ${path.relative(process.cwd(), folder)}/*.png`)
  }
} finally {
  await browser.close()
}
