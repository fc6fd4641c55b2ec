/**
 * Browsers inside other apps. Vendors refuse to log people in there, or know nothing of the log-in that the phone's own
 * browser has; and nobody sees the address. They are known by what their makers put into `User-Agent`: the names
 * of the apps, Android's mark of a web view, and on iPhones a WebKit that is not Safari or another browser.
 */

const APPS =
  /\b(?:FBAN|FBAV|FB_IAB|Instagram|MicroMessenger|Line\/|KAKAOTALK|Snapchat|Pinterest|LinkedInApp|Twitter|musical_ly|BytedanceWebview|TikTok|GSA\/)/
const ANDROID_WEB_VIEW = /Android.*; wv\)/
const IOS = /\b(?:iPhone|iPad|iPod)\b/
const IOS_BROWSER = /\b(?:Safari|CriOS|FxiOS|EdgiOS|OPiOS|OPT|DuckDuckGo)\//

/** The system under a browser inside another app; null for a browser of its own. */
export function inAppBrowser(userAgent: string): 'android' | 'ios' | 'other' | null {
  const isIos = IOS.test(userAgent)
  const isInApp =
    APPS.test(userAgent) || ANDROID_WEB_VIEW.test(userAgent) || (isIos && !IOS_BROWSER.test(userAgent))
  if (!isInApp) return null
  if (isIos) return 'ios'
  return /Android/.test(userAgent) ? 'android' : 'other'
}

/**
 * The address that makes a phone open its own browser: Android's `intent:` scheme (Chrome's documentation of
 * Android intents, 2026-08), Safari's scheme from iOS 17 on. Null where there is none.
 */
export function browserUrlOf(url: string, system: 'android' | 'ios' | 'other'): string | null {
  const [scheme = '', rest = ''] = url.split('://')
  if (system === 'ios') return `x-safari-${scheme}://${rest}`
  return system === 'android' ? `intent://${rest}#Intent;scheme=${scheme};end` : null
}
