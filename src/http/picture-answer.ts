import type { Logo } from '../model/presentation.ts'

/**
 * Sends a picture that somebody gave us. One may bring styles along; whatever else stands in the file, opened on its own
 * as well, runs nothing, loads nothing, and has an origin of its own.
 */
export const answerPicture = ({ mediaType, bytes }: Logo, cacheControl: string): Response =>
  new Response(bytes, {
    headers: {
      'Content-Type': mediaType,
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': cacheControl,
      // Applications show it on screens of their own.
      'Cross-Origin-Resource-Policy': 'cross-origin',
    },
  })
