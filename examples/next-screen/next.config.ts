import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  // This folder is the whole project, although another one is around it.
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
}

export default config
