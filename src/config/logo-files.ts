import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { limits } from '../limits.ts'
import { logoProblem } from '../model/logo-file.ts'
import type { Logo } from '../model/presentation.ts'

/** The logos of an operator's folder by source key, and one sentence for each thing that is wrong with them. */
export interface LogoFiles {
  readonly logos: ReadonlyMap<string, Logo>
  readonly problems: readonly string[]
}

const NONE: LogoFiles = Object.freeze({ logos: new Map(), problems: [] })

const MEDIA_TYPES = { svg: 'image/svg+xml', png: 'image/png' } as const

/**
 * Reads an operator's logos: `<key of the source>.svg` or `.png`. What else lies in the folder is a mistake that is told,
 * except for hidden files. An SVG that could do more than show a picture is refused; it is also served so that it cannot.
 */
export function readLogoFiles(folder: string | null): LogoFiles {
  if (folder === null) return NONE
  let names: readonly string[]
  try {
    names = readdirSync(folder).filter((name) => !name.startsWith('.'))
  } catch {
    return refused(`${folder}: the folder of logos cannot be read.`)
  }
  if (names.length > limits.logoFiles) return refused(`${folder}: holds more than ${limits.logoFiles} logos.`)
  const logos = new Map<string, Logo>()
  const problems: string[] = []
  for (const name of names.toSorted()) {
    const read = readLogo(folder, name)
    if (typeof read === 'string') problems.push(`${join(folder, name)}: ${read}.`)
    else if (logos.has(read.key)) problems.push(`${join(folder, name)}: the source has two logos.`)
    else logos.set(read.key, read.logo)
  }
  return { logos, problems }
}

const refused = (problem: string): LogoFiles => ({ logos: new Map(), problems: [problem] })

/** One file, or what is wrong with it. */
function readLogo(folder: string, name: string): { readonly key: string; readonly logo: Logo } | string {
  const [, key, kind] = /^([a-z][a-z0-9-]{0,59})\.(svg|png)$/.exec(name) ?? []
  if (key === undefined || (kind !== 'svg' && kind !== 'png'))
    return 'is not named after the key of a source, with .svg or .png behind it'
  let bytes: Uint8Array<ArrayBuffer>
  try {
    const path = join(folder, name)
    if (statSync(path).size > limits.logoBytes) return `has more than ${limits.logoBytes} bytes`
    bytes = new Uint8Array(readFileSync(path))
  } catch {
    return 'cannot be read'
  }
  const problem = logoProblem(MEDIA_TYPES[kind], bytes)
  return problem ?? { key, logo: Object.freeze({ mediaType: MEDIA_TYPES[kind], bytes }) }
}
