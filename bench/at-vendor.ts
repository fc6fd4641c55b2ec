// The service of the benchmarks that need a vendor: how it is configured, and its credentials.
/** Credentials of the benchmark's application. */
export const [APP, API_KEY, SECRET] = ['bench-app', 'bench-vT3kq8Zr5WmXy2Lp', 'bench-Kw4tZq9mVx2LrB7hYd3NcP']

/** A service on this port, with a client at each of these vendors. */
export const configAtVendors = (port: number, database: string, vendors: readonly string[]) => ({
  publicUrl: `http://localhost:${port}`,
  listen: { host: '127.0.0.1', port },
  database,
  keys: [{ id: 'k1', key: Buffer.alloc(32, 1).toString('base64') }],
  accounts: [
    {
      username: 'bench',
      passwords: [SECRET],
      applications: [
        {
          id: APP,
          name: 'Bench',
          secrets: [SECRET],
          apiKeys: [API_KEY],
          apiRequestsPerSecond: 100_000,
          clients: Object.fromEntries(
            vendors.map((vendor) => [vendor, { clientId: 'id', clientSecret: 'secret' }]),
          ),
        },
      ],
    },
  ],
})
