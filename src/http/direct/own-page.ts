import type { Context } from 'hono'
import type { OpenPage } from '../../broker/attempts/own-page.ts'
import type { Context as BrokerContext } from '../../broker/context.ts'
import { SpringbarError } from '../../errors.ts'
import { formActionSource, type Markup, type PageContext } from '../../pages/index.ts'
import { sameDigest } from '../../vault/index.ts'
import { answerPage } from '../page-answer.ts'
import type { Form } from '../request-body.ts'
import { headerOf } from '../request-header.ts'

/**
 * Sends a page of ours that stands in for a vendor's: no script, no frame, no cache, for no other origin to embed, and
 * a form that leads to ourselves and, by the redirect after it, to where the outcome goes.
 */
export function answerOwnPage(
  c: Context,
  context: BrokerContext,
  { application, attempt }: Pick<OpenPage<'log-in'>, 'application' | 'attempt'>,
  status: number,
  render: (page: PageContext) => Markup,
): Promise<Response> {
  const { binding } = application
  const leadsTo = [attempt.redirectEntry, binding.kind === 'confirm' ? binding.verifyUrl : null]
  return answerPage(
    c,
    context,
    { asked: attempt.locale, application },
    {
      status,
      formTargets: leadsTo.flatMap((uri) => (uri === null ? [] : [formActionSource(uri)])),
      frameAncestors: [],
      script: false,
      headers: { 'Cross-Origin-Resource-Policy': 'same-origin' },
    },
    render,
  )
}

/** The hidden fields by which a form shows that we made it, for this attempt. */
export const formFieldsFor = (context: BrokerContext, state: string): Readonly<Record<string, string>> => ({
  proof: proofOf(context, state),
})

/** Throws `invalid_request` for a form that another site sent, or that we did not make for this attempt. */
export function assertOwnForm(c: Context, context: BrokerContext, state: string, form: Form): void {
  const site = headerOf(c, 'sec-fetch-site')
  const isForeign = site !== undefined && site !== 'same-origin'
  if (isForeign || !sameDigest(proofOf(context, state), form('proof') ?? ''))
    throw new SpringbarError('invalid_request', 'The form was not made by this service for this attempt.')
}

const proofOf = ({ vault }: BrokerContext, state: string): string =>
  vault.ofAny('form-token', JSON.stringify(['own-page', state]))
