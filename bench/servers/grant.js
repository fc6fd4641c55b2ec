// What an application would take instead: the package grant on Express, its session in memory, PKCE and state on.
import express from 'express'
import session from 'express-session'
import grant from 'grant'

const app = express()
app.use(session({ secret: 'bench', saveUninitialized: true, resave: false }))
app.use(
  grant.express({
    defaults: {
      origin: `http://localhost:${process.env.PORT}`,
      transport: 'session',
      state: true,
      pkce: true,
    },
    strava: { key: 'client', secret: 'secret', scope: ['read', 'activity:read_all'], callback: '/done' },
  }),
)
app.listen(Number(process.env.PORT), '127.0.0.1')
