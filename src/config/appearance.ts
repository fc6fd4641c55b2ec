import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { withDigest } from '../broker/appearances/change-appearance.ts'
import { limits } from '../limits.ts'
import type { AppearanceLogo } from '../model/appearance.ts'
import { contrastProblems, contrastSentence } from '../model/appearance-colours.ts'
import { appearanceFields, type TextProblem, toSettings } from '../model/appearance-schema.ts'
import type { ConfiguredAppearance } from '../model/application.ts'
import { type LogoReading, readLogo } from '../model/logo-file.ts'

/** A look as an operator writes it: the fields of the API, and the paths of one picture or two. */
export const appearance = (textProblem: TextProblem) =>
  z
    .strictObject({
      ...appearanceFields(textProblem),
      logoFile: z.string().min(1).transform(readLogoFile).optional(),
      darkLogoFile: z.string().min(1).transform(readLogoFile).optional(),
    })
    .transform(
      (
        { logoFile: logo = null, darkLogoFile: darkLogo = null, ...written },
        context,
      ): ConfiguredAppearance => {
        const settings = toSettings(written)
        for (const problem of contrastProblems(settings))
          context.addIssue({
            code: 'custom',
            path: ['colours', problem.scheme, problem.change],
            message: contrastSentence(problem),
          })
        return Object.freeze({
          settings,
          logo,
          darkLogo,
          logoDigest: logo?.digest ?? null,
          darkLogoDigest: darkLogo?.digest ?? null,
        })
      },
    )

function readLogoFile(path: string, context: z.RefinementCtx): AppearanceLogo | null {
  const read = readFile(path)
  if (read.ok) return withDigest(read.logo)
  context.addIssue({ code: 'custom', message: `${path} ${read.problem}` })
  return null
}

function readFile(path: string): LogoReading {
  try {
    // A large file is not read to be refused.
    return statSync(path).size > limits.logoBytes
      ? { ok: false, problem: `has more than ${limits.logoBytes} bytes` }
      : readLogo(new Uint8Array(readFileSync(path)))
  } catch {
    return { ok: false, problem: 'cannot be read' }
  }
}
