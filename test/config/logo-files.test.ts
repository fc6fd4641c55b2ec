// Goal: an operator's logos are shown as they are, and a file that could do more than show a picture never gets that far.
// Method: folders with good and bad files; the names and sentences of what is wrong.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { ConfigError, parseConfig } from '../../src/config/index.ts'
import { readLogoFiles } from '../../src/config/logo-files.ts'
import { limits } from '../../src/limits.ts'

const ROOT = mkdtempSync(join(tmpdir(), 'springbar-logos-'))
after(() => rmSync(ROOT, { recursive: true, force: true }))

let count = 0
/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(ROOT, String(count++))
  mkdirSync(folder)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** The beginning of a PNG of this size. */
function png(width: number, height: number): Buffer {
  const bytes = Buffer.from('89504e470d0a1a0a0000000d494844520000000000000000', 'hex')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`

/** What is wrong with one file, without its path; null when nothing is. */
function problemWith(name: string, content: string | Uint8Array): string | null {
  const folder = folderOf({ [name]: content })
  const { logos, problems } = readLogoFiles(folder)
  assert.equal(logos.size + problems.length, 1)
  return problems[0]?.replace(`${join(folder, name)}: `, '') ?? null
}

describe('the folder of an operator’s logos', () => {
  test('gives each file by the key of its source, byte for byte', () => {
    const mark = svg(
      '<style>.a{fill:url(#g)}</style><path class="a" d="M0 0"/><use href="#g" xlink:href=\'#g\'/>',
    )
    const folder = folderOf({ 'strava.svg': mark, 'ride-with-gps.png': png(64, 64), '.hidden': 'x' })
    const { logos, problems } = readLogoFiles(folder)
    assert.deepEqual(problems, [])
    assert.deepEqual([...logos.keys()].toSorted(), ['ride-with-gps', 'strava'])
    const logo = logos.get('strava')
    assert.equal(logo?.mediaType, 'image/svg+xml')
    assert.equal(Buffer.from(logo.bytes).toString(), mark)
    assert.equal(logos.get('ride-with-gps')?.mediaType, 'image/png')
  })

  test('may be none; one that cannot be read is told', () => {
    assert.deepEqual(readLogoFiles(null), { logos: new Map(), problems: [] })
    const missing = join(ROOT, 'missing')
    assert.deepEqual(readLogoFiles(missing).problems, [`${missing}: the folder of logos cannot be read.`])
  })

  test('holds files with names of sources, and nothing else', () => {
    for (const name of [
      'strava.gif',
      'Strava.svg',
      'strava',
      '1.svg',
      'strava.svg.bak',
      'stra_va.png',
      'logo 1.svg',
    ])
      assert.match(problemWith(name, svg('')) ?? '', /^is not named after the key of a source/, name)
    const two = folderOf({ 'strava.svg': svg(''), 'strava.png': png(1, 1) })
    assert.deepEqual(readLogoFiles(two).problems, [`${join(two, 'strava.svg')}: the source has two logos.`])
  })

  test('is bounded: in number, in bytes and in pixels', () => {
    const { logoFiles, logoBytes, logoPixels } = limits
    const many = Object.fromEntries(Array.from({ length: logoFiles + 1 }, (_, i) => [`s${i}.svg`, svg('')]))
    const folder = folderOf(many)
    assert.deepEqual(readLogoFiles(folder).problems, [`${folder}: holds more than ${logoFiles} logos.`])
    const filled = (bytes: number) => svg(' '.repeat(bytes - svg('').length))
    assert.equal(problemWith('strava.svg', filled(logoBytes)), null)
    assert.equal(problemWith('strava.svg', filled(logoBytes + 1)), `has more than ${logoBytes} bytes.`)
    assert.equal(problemWith('strava.png', png(logoPixels, logoPixels)), null)
    for (const [width, height] of [
      [logoPixels + 1, 1],
      [1, logoPixels + 1],
      [0, 1],
      [1, 0],
    ] as const)
      assert.equal(
        problemWith('strava.png', png(width, height)),
        `must be 1 to ${logoPixels} pixels wide and high.`,
      )
  })

  test('a file is what its name says', () => {
    for (const content of ['', 'x', svg(''), png(9, 9).subarray(0, 23), Buffer.from('ffd8ffe0', 'hex')])
      assert.equal(problemWith('strava.png', content), 'is not a PNG.')
    for (const content of [
      '',
      '<html></html>',
      '<!-- a --><p>',
      png(9, 9).toString('latin1'),
      '<svgx></svgx>',
    ])
      assert.equal(problemWith('strava.svg', content), 'is not an SVG.', content)
    assert.equal(problemWith('strava.svg', Buffer.from([0xff, 0xfe, 0x3c])), 'is not UTF-8.')
    const declared = `<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->\n${svg('<g/>')}`
    assert.equal(problemWith('strava.svg', declared), null)
  })

  for (const [what, content] of [
    ['a script', svg('<script>alert(1)</script>')],
    ['a script of another case', svg('<SCRIPT xlink:href="x"/>')],
    ['a script with a prefix', svg('<svg:script>alert(1)</svg:script>')],
    ['HTML inside', svg('<foreignObject><iframe/></foreignObject>')],
    ['an event handler', svg('<path onload="alert(1)"/>')],
    ['an event handler on a new line', svg('<path\nONCLICK = alert(1) />')],
    ['an event handler behind a quote', svg('<path d=""onclick="alert(1)"/>')],
    ['a link', svg('<a href="#x"><path/></a>')],
    ['an address that is a script', svg('<use href="javascript:alert(1)"/>')],
    ['an address of another host', svg('<image href="https://evil.example/x.png"/>')],
    ['an address without quotes', svg('<image href=//evil.example/x.png />')],
    ['an address with an entity', svg('<use href="&#106;avascript:alert(1)"/>')],
    ['a picture inside that is an SVG', svg('<image href="data:image/svg+xml;base64,AAAA"/>')],
    ['an import', svg('<style>@import "https://evil.example/x.css";</style>')],
    ['a style that loads', svg('<path style="fill:url( https://evil.example/x)"/>')],
    ['a style that loads, in quotes', svg('<path style="fill:url(\'//evil.example/x\')"/>')],
    ['an animation of an address', svg('<set attributeName="href" to="#x"/>')],
    ['a document type', `<!DOCTYPE svg [<!ENTITY x "y">]>${svg('&x;')}`],
    ['a style sheet', `<?xml-stylesheet href="x.css"?>${svg('')}`],
  ] as const)
    test(`an SVG with ${what} is refused`, () => {
      assert.match(problemWith('strava.svg', content) ?? '', /^(holds .+|is not an SVG)\.$/)
    })

  test('what is wrong is said with the rest of the configuration, and nothing starts', () => {
    const folder = folderOf({ 'strava.svg': svg('<script/>'), 'withings.png': 'x' })
    assert.throws(
      () => parseConfig({ logosFolder: folder }, { vendors: new Set(), tryOut: true }),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError)
        const text = error.problems.join('\n')
        assert.ok(
          text.includes(
            `${join(folder, 'strava.svg')}: holds an element that does more than show a picture.`,
          ),
        )
        assert.ok(text.includes(`${join(folder, 'withings.png')}: is not a PNG.`))
        assert.match(text, /database: is missing\./)
        return true
      },
    )
  })

  test('a folder in the place of a file is told, not followed', () => {
    const folder = folderOf({})
    mkdirSync(join(folder, 'strava.svg'))
    assert.deepEqual(readLogoFiles(folder).problems, [`${join(folder, 'strava.svg')}: cannot be read.`])
  })
})
