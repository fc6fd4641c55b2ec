/**
 * Everything that people read on our pages, in English: the original that every other language translates.
 *
 * Names in braces are filled in and stand in every translation once or more often: `{source}` is the product
 * that is connected, `{application}` the customer's software, `{label}` the person's name as the application gave it. Names can't be
 * inflected, so a sentence is built to hold them as they are. Short, plain, friendly; no blame.
 */
export const en = {
  footer: 'Secured by {springbar}',
  reference: 'Reference for support: {reference}',
  'close.hint': 'You can close this window.',
  'close.button': 'Close window',
  'again.button': 'Try again',
  'list.link': 'Back to the list',

  'connected.title': '{source} is connected',
  'connected.text': '{application} can now receive your data from {source}.',
  'connected.partly': 'You did not allow everything that was asked for, so some data may be missing.',
  'connected.end': 'You can disconnect at any time.',
  'not-connected.title': '{source} was not connected',
  'not-connected.kept': 'Your earlier connection stays as it was.',
  'disconnected.title': '{source} is disconnected',
  'disconnected.text': '{application} no longer receives your data from {source}.',
  'not-disconnected.title': '{source} was not disconnected',
  'not-disconnected.kept': 'You chose to keep the connection.',
  'nothing-changed': 'Nothing was changed.',
  'general.title': 'You can go back to your app',
  'general.text': 'The app in which you started shows whether your source is connected.',

  'vendor.asked': 'We also ask {source} to end the access on its side.',
  'vendor.by-hand': 'To end the access at {source} too, remove it there in your account settings.',
  'vendor.by-hand-at': 'To end the access at {source} too, remove it there: {address}',

  'failed.access_denied.why': 'You cancelled at {source}.',
  'failed.access_denied.next': 'You can try again whenever you like.',
  'failed.scope_missing.why': 'Some permissions that {application} needs were not given.',
  'failed.scope_missing.next': 'Please try again and allow everything that {source} lists.',
  'failed.consent_missing.why': '{source} needs you to agree to something there first.',
  'failed.consent_missing.next': 'Log in at {source}, agree to what it asks, then try again here.',
  'failed.session_expired.why': 'The link that you used has expired.',
  'failed.session_expired.next': 'Go back to {application} and start again there.',
  'failed.attempt_expired.why': 'It took too long, so we stopped to keep your account safe.',
  'failed.attempt_expired.next': 'You can try again whenever you like.',
  'failed.account_in_use.why': 'Another user of {application} has already connected this {source} account.',
  'failed.account_in_use.next': 'Disconnect it there first, or choose another {source} account.',
  'failed.browser_changed.why': 'You came back in another browser than the one you started in.',
  'failed.browser_changed.next': 'Go back to {application} and start again there.',
  'failed.user_mismatch.why': 'This link was made for another user of {application}.',
  'failed.user_mismatch.next': 'Go back to {application} and start again there.',
  'failed.source_not_available.why': '{source} cannot be connected to {application} right now.',
  'failed.source_not_available.next': 'Please ask the support of {application} about it.',
  'failed.vendor_unavailable.why': '{source} is not answering at the moment.',
  'failed.vendor_unavailable.next': 'Please try again in a few minutes.',
  'failed.vendor_error.why': '{source} gave an answer that we could not use.',
  'failed.vendor_error.next': 'Please try again. If it happens again, give support the reference below.',
  'failed.server_error.why': 'Something went wrong on our side.',
  'failed.server_error.next':
    'Please try again in a few minutes. If it happens again, give support the reference below.',

  'error.link-not-valid.title': 'This link is not valid',
  'error.link-not-valid.text': 'Part of it may be missing, or it is no longer in use.',
  'error.link-expired.title': 'This link has expired',
  'error.link-expired.text': 'For your safety, links work for a short time only.',
  'error.redirect-not-allowed.title': 'This link cannot be used',
  'error.redirect-not-allowed.text':
    'It leads on to an address that the app has not approved, so we stopped.',
  'error.source-unknown.title': 'We do not know this source',
  'error.source-unknown.text': 'The link names a data source that does not exist here.',
  'error.source-not-available.title': 'This source cannot be connected right now',
  'error.source-not-available.title-named': '{source} cannot be connected right now',
  'error.source-not-available.text': 'You can still choose another source in the app.',
  'error.source-native.title': 'Connect this source on your phone',
  'error.source-native.title-named': 'Connect {source} on your phone',
  'error.source-native.text':
    'Its data lives on your phone, so it is connected in the app there, not on the web.',
  'error.already-used.title': 'This step is already done',
  'error.already-used.text': 'It works only once. The app in which you started shows how it ended.',
  'error.browser-changed.title': 'You came back in another browser',
  'error.browser-changed.text':
    'For your safety, nothing was connected: please finish in the browser in which you start.',
  'error.too-many-requests.title': 'That was a bit too fast',
  'error.too-many-requests.text':
    'Too many requests came in a short time. Please wait a minute and try again.',
  'error.not-found.title': 'There is nothing here',
  'error.not-found.text': 'The address may be mistyped or out of date.',
  'error.temporarily-down.title': 'We will be back in a moment',
  'error.temporarily-down.text': 'The service is not available right now. Please try again in a minute.',
  'error.something-broke.title': 'Something went wrong',
  'error.something-broke.text': 'It is not your fault. Please try again in a few minutes.',
  'advice.start-again': 'Go back to the app in which you started, and start again there.',
  'advice.start-again-in': 'Go back to {application} and start again there.',
  'advice.open-app': 'Open the app on your phone to connect it.',
  'advice.open-app-named': 'Open {application} on your phone to connect it.',
  'advice.tell-support': 'If it happens again, give support the reference below.',

  'disconnect.title': 'Disconnect {source}?',
  'disconnect.stops': '{application} stops receiving your data from {source}.',
  'disconnect.past': 'Data that {application} already has is not deleted by this.',
  'disconnect.again': 'You can connect again at any time.',
  'disconnect.yes': 'Disconnect',
  'disconnect.no': 'Keep connected',
  'for-label': 'For {label}',

  'leave.title': 'Connect {source} to {application}?',
  'leave.next': 'Next you log in at {source} and choose what to share.',
  'leave.whose': 'Your {source} data then goes to this user of {application}: {label}',
  'leave.question': 'Did you start this yourself?',
  'leave.warning': 'If somebody sent you this link, cancel: your data would go to their account.',
  'leave.yes': 'Yes, continue',
  'leave.no': 'No, cancel',

  'move.title': 'Move this {source} account?',
  'move.text': 'If you go on, it is disconnected there and connected here.',
  'move.yes': 'Yes, move it',
  'move.no': 'No, leave it there',

  'region.title': 'Where is your {source} account?',
  'region.text':
    '{source} keeps the accounts of different parts of the world apart. Choose where yours was made.',
  'region.elsewhere': 'Another country (not {countries})',

  'framed.title': 'Continue to {source}',
  'framed.text': '{source} opens in full view, so that you can see its address.',
  'framed.new-window': 'Continue in a new window',
  'framed.whole-window': 'Continue',

  'list.title': 'Your data sources',
  'list.text': 'Choose what {application} may receive your data from.',
  'list.connected': 'Connected',
  'list.available': 'Ready to connect',
  'list.unavailable': 'Not available ({count})',
  'list.empty': 'No source can be connected here yet.',
  'list.connect': 'Connect',
  'list.reconnect': 'Connect again',
  'list.disconnect': 'Disconnect',
  'state.connected': 'Connected since {date}',
  'state.needs-attention': 'Needs you: please connect again',
  'state.not-connected': 'Not connected',

  'reason.planned': 'It will come later.',
  'reason.ended': 'Its maker has ended the service.',
  'reason.closed': 'Its maker does not offer it to other apps.',
  'reason.native': 'It is connected in the app on your phone.',
  'reason.not-set-up': 'The app has not set it up yet.',
  'reason.not-offered': 'The app does not offer it here.',

  'log-in.title': 'Log in to connect {source}',
  'log-in.lead':
    'Use the log-in of your {account} account. {application} can then receive your data from {source}.',
  'log-in.unofficial':
    '{account} has no official way for other apps. This one is unofficial and can stop working at any time.',
  'log-in.kept': 'Your password is used for this log-in only. It is not stored.',
  'log-in.email': 'Email address',
  'log-in.username': 'User name',
  'log-in.password': 'Password',
  'log-in.submit': 'Log in',
  'cancel.button': 'Cancel',
  'log-in.problem.incomplete': 'Please fill in both fields.',
  'log-in.problem.wrong_password': 'No account matches this. Please check both fields and try again.',
  'log-in.problem.terms': '{account} has new terms. Open its app, accept them there, then log in here again.',
  'log-in.problem.extra_step':
    '{account} asks for a step that only its app can show. Finish it there, then log in here again.',
  'log-in.problem.locked':
    '{account} has locked the log-in for a while after several tries. Please wait some minutes, then try again.',
  'failed.log_in_failed.why': 'The log-in at {source} did not work.',
  'failed.log_in_failed.next': 'Check it in the app of {source} first, then try again.',
  'reason.log-in-off': 'It would need your log-in there, and that is switched off here.',
  'pairing.title': 'Connect {source} with your phone',
  'pairing.lead': 'Your {source} data is on your phone. {application} connects it there.',
  'pairing.open': 'Open {application} on your phone.',
  'pairing.enter': 'Scan the picture, or enter this code there.',
  'pairing.allow': 'Choose there what to share.',
  'pairing.code': 'Pairing code',
  'pairing.picture': 'QR code that holds the pairing code',
  'pairing.here': 'Open {application} on this phone',
  'pairing.once': 'The code works once, for {minutes} minutes. Give it to nobody.',
  'pairing.done': 'I have done this',
  'pairing.not-yet': 'Your phone has not answered yet. Please finish there, then press the button again.',
} as const

/** The English texts by key, each with its literal type, from which the placeholders of a message are read. */
export type English = typeof en

/** The key of a text. */
export type MessageKey = keyof English

/** All texts in one language. */
export type Messages = Readonly<Record<MessageKey, string>>
