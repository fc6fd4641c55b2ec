import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  // This folder is the whole project, although another one is around it.
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        // The address of a return has a code in it. With `no-referrer` our own forms would come without their origin.
        { key: 'referrer-policy', value: 'same-origin' },
        { key: 'content-security-policy', value: "frame-ancestors 'none'" },
      ],
    },
  ],
}

export default config
