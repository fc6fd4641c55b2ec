import { createHash } from 'node:crypto'
import type { Refusal } from '../vendor.ts'
import type { Code } from './codes.ts'
import { sameText } from './signature.ts'

/** A verifier has 43 to 128 unreserved characters: RFC 7636 §4.1. */
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/

/** Checks the verifier of a token call against the challenge of the authorization request: RFC 7636 §4.6. */
export function checkVerifier(code: Code, verifier: string | null): Refusal | null {
  if (code.codeChallenge === null) return verifier === null ? null : 'code_verifier.unexpected'
  if (verifier === null) return 'code_verifier.missing'
  if (!VERIFIER.test(verifier)) return 'code_verifier.wrong'
  const plain = code.codeChallengeMethod === 'plain'
  const computed = plain ? verifier : createHash('sha256').update(verifier).digest('base64url')
  return sameText(computed, code.codeChallenge) ? null : 'code_verifier.wrong'
}
