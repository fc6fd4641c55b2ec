/**
 * The pages that people see.
 *
 * @module pages — owns the views, their one stylesheet, their few lines of script and every text in every language. Each
 * page is a pure function of a small view and the context of one answer (language, nonce) and gives a whole HTML
 * document. It reads no request, no clock and no storage, and sets no status or header; that is done in `http/`.
 */
export { type BeforeLeavingView, beforeLeavingPage } from './before-leaving-page.ts'
export { type ChooseRegionView, chooseRegionPage, type RegionLabel } from './choose-region-page.ts'
export { type ConfirmDisconnectView, confirmDisconnectPage } from './confirm-disconnect-page.ts'
export { contentSecurityPolicy, formActionSource, type PolicyOptions } from './content-security-policy.ts'
export { type ErrorView, errorPage } from './error-page.ts'
export { folded } from './folding.ts'
export { type FramedStartView, framedStartPage } from './framed-start-page.ts'
export { chooseLanguage, hasLanguage, isLanguageTag, type Language, type LanguageWish } from './language.ts'
export { type LogInProblemView, type LogInView, logInPage } from './log-in-page.ts'
export { type Look, lookOf, type PreviewOptions, withOwnTexts } from './look.ts'
export type { Markup } from './markup.ts'
export { type MoveAccountView, moveAccountPage } from './move-account-page.ts'
export type { OpenElsewhereView } from './open-elsewhere.ts'
export { type PairingView, pairingPage } from './pairing-page.ts'
export { plainPhrase } from './phrase.ts'
export { type PreviewView, previewPage } from './preview-page.ts'
export {
  type PreviewMaterial,
  type PreviewSample,
  type PreviewSource,
  previewSamples,
} from './preview-samples.ts'
export { type GeneralResultView, type OutcomeView, type ResultView, resultPage } from './result-page.ts'
export { type SourceListView, type SourceSearch, sourceListPage } from './source-list-page.ts'
export type { AttentionReason, SourceFailure, SourceItem, SourceState } from './source-row.ts'
export { originalTexts, textProblem } from './text-overrides.ts'
export type { PageContext, PageForm, SourceLabel, UnavailableReason, VendorEnd } from './view.ts'
