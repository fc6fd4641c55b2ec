// Goal: a logo is told by its content, is one still picture of a bounded size, and an SVG is nothing but a picture.
// Method: the smallest files of each kind, each with one thing changed, and files of other kinds.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { limits } from '../../src/limits.ts'
import { readLogo } from '../../src/model/logo-file.ts'

const bytesOf = (content: string | Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(typeof content === 'string' ? Buffer.from(content) : content)

const reading = (content: string | Uint8Array): string => {
  const read = readLogo(bytesOf(content))
  return read.ok ? read.logo.mediaType : read.problem
}

/** A chunk of RIFF behind the letters and the size of the file. */
function webp(kind: string, content: Uint8Array): Uint8Array {
  const head = Buffer.from(`RIFF....WEBP${kind}....`, 'latin1')
  head.writeUInt32LE(content.length, 16)
  return Buffer.concat([head, content])
}

function lossy(width: number, height: number): Uint8Array {
  const frame = Buffer.alloc(16)
  frame.set([0x9d, 0x01, 0x2a], 3)
  frame.writeUInt16LE(width, 6)
  frame.writeUInt16LE(height, 8)
  return webp('VP8 ', frame)
}

function lossless(width: number, height: number): Uint8Array {
  const frame = Buffer.alloc(16)
  frame[0] = 0x2f
  frame.writeUInt32LE((width - 1) | ((height - 1) << 14), 1)
  return webp('VP8L', frame)
}

function extended(width: number, height: number, flags = 0): Uint8Array {
  const frame = Buffer.alloc(10)
  frame[0] = flags
  frame.writeUIntLE(width - 1, 4, 3)
  frame.writeUIntLE(height - 1, 7, 3)
  return webp('VP8X', frame)
}

function png(width: number, height: number): Uint8Array {
  const bytes = Buffer.from('89504e470d0a1a0a0000000d494844520000000000000000', 'hex')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`
const max = limits.logoPixels

describe('a logo', () => {
  test('is a PNG, a WebP or an SVG, told by its content', () => {
    assert.equal(reading(svg('<path d="M0 0h8"/>')), 'image/svg+xml')
    assert.equal(reading(`<?xml version="1.0"?>\n<!-- a mark -->\n${svg('')}`), 'image/svg+xml')
    assert.equal(reading(png(64, 64)), 'image/png')
    for (const make of [lossy, lossless, extended])
      assert.equal(reading(make(64, 48)), 'image/webp', make.name)
  })

  test('is bounded in bytes and in pixels', () => {
    for (const make of [png, lossy, lossless, extended]) {
      assert.match(reading(make(max, max)), /^image\//, make.name)
      for (const [width, height] of [
        [max + 1, 1],
        [1, max + 1],
      ] as const)
        assert.match(reading(make(width, height)), /^must be 1 to 2048 pixels/, make.name)
    }
    for (const make of [png, lossy]) assert.match(reading(make(0, 8)), /^must be 1 to 2048 pixels/)
    assert.match(reading(svg(' '.repeat(limits.logoBytes))), /^has more than 131072 bytes/)
    assert.equal(reading(''), 'is empty')
  })

  test('does not move', () => {
    assert.equal(reading(extended(64, 64, 0x02)), 'must not move')
    assert.equal(reading(extended(64, 64, 0x10)), 'image/webp', 'transparency is no movement')
  })

  test('is nothing else', () => {
    for (const content of ['GIF89a', 'plain text', '\xff\xd8\xff\xe0', new Uint8Array(64)])
      assert.equal(reading(content), 'is neither an SVG nor a PNG nor a WebP')
    for (const content of ['<html></html>', '<svgx/>', 'text <svg/>'])
      assert.equal(reading(content), 'is not an SVG')
    assert.equal(reading(png(8, 8).subarray(0, 20)), 'is not a PNG')
    assert.equal(reading(lossy(8, 8).subarray(0, 24)), 'is not a WebP')
    assert.equal(reading(webp('ANIM', new Uint8Array(16))), 'is not a WebP')
  })

  test('that is an SVG runs nothing and loads nothing', () => {
    for (const inside of [
      '<script>alert(1)</script>',
      '<SCRIPT href="x"/>',
      '<svg:script>alert(1)</svg:script>',
      '<rect onload="alert(1)"/>',
      '<image href="https://evil.example/x"/>',
      '<use xlink:href="//evil.example#x"/>',
      '<style>@import "x";</style>',
      '<rect fill="url(https://evil.example/#x)"/>',
      '<foreignObject/>',
      '<animate attributeName="href" to="javascript:alert(1)"/>',
    ])
      assert.match(reading(svg(inside)), /^holds /, inside)
    assert.equal(reading(svg('<use href="#a"/><rect fill="url(#g)"/>')), 'image/svg+xml')
  })
})
