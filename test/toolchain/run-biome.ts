import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { TestContext } from 'node:test'

const ROOT = path.resolve(import.meta.dirname, '../..')
const BIOME = path.join(ROOT, 'node_modules/@biomejs/biome/bin/biome')

/** One complaint: `lint/style/noRestrictedImports` for instance, or `plugin`; the line is counted from 1. */
export type Finding = Readonly<{ file: string; line: number; rule: string }>

/**
 * Lints the files (path to text) with the project's own biome.json, in a folder that is deleted after the test, and
 * gives every finding, warnings included.
 */
export async function runBiome(
  test: TestContext,
  files: Readonly<Record<string, string>>,
): Promise<Finding[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-lint-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['biome.json', 'package.json', 'sdk/package.json', 'test/toolchain/effects.grit']) {
    cpSync(path.join(ROOT, name), path.join(folder, name))
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  const args = [BIOME, 'lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github', '.']
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        // Findings are an exit code of 1; anything else means that biome itself did not work.
        if (error && error.code !== 1) reject(new Error(`biome: ${stderr}`, { cause: error }))
        else resolve(stdout)
      },
    )
  })
  const lines = output.matchAll(/^::\w+ title=(?<rule>[^,]+),file=(?<file>[^,]+),line=(?<line>\d+),/gm)
  return Array.from(lines, ({ groups }) => ({
    file: path.relative(folder, path.resolve(folder, groups?.['file'] ?? '')),
    line: Number(groups?.['line']),
    rule: groups?.['rule'] ?? '',
  }))
}
