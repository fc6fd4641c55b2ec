import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the next person does at the vendor. */
export type NextOutcome = 'approve' | 'cancel'

/**
 * A recorded stand-in of the documented service: it knows four paths (`/v5/accessToken`, `/v5/userInformation`,
 * `/widget/v6/connection`, and the direct pages with their result page) and two headers, answers literally as the
 * samples of contract §2 and §3, and notes everything else that it is asked as a violation.
 */
export interface DocumentedService {
  /** Base URL of the API, and of the direct pages: two hosts, as the documented service has. */
  readonly apiUrl: string
  readonly directUrl: string
  /** Method and path of every request, in order, the queries left out. */
  readonly requests: readonly string[]
  /** Everything that the documented service does not know or would not accept. Must be empty at the end. */
  readonly violations: readonly string[]
  /** Source ids that are connected now. */
  readonly connected: ReadonlyMap<number, string>
  readonly answerNextWith: (outcome: NextOutcome) => void
  readonly close: () => Promise<void>
}

/** The samples. */
const END_USER_ID = 'de3d1e068537dd927b48988cb6969abe'
const CONNECTED_AT = '2026-02-03T08:15:42Z'
const AUTHORIZATION = 'Basic ZGVtbzpkZW1v'
const APP_AUTHORIZATION = 'Basic ZGVtby1hcHA6ZGVtby1zZWNyZXQ='
const RESULT_PAGE = '/dataSourceDirectConnectionResult.html'

interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What the stand-in remembers. */
interface Memory {
  readonly violations: string[]
  readonly connected: Map<number, string>
  readonly tokens: Set<string>
  next: NextOutcome
}

/** Starts the stand-in on two free ports of loopback. */
export async function startDocumentedService(): Promise<DocumentedService> {
  const requests: string[] = []
  const memory: Memory = { violations: [], connected: new Map(), tokens: new Set(), next: 'approve' }
  const api = await listen(async (request) => {
    const path = request.url ?? ''
    requests.push(`${request.method} ${path}`)
    return answerApi(memory, request, path, await readBody(request))
  })
  const direct = await listen(async (request) => {
    const url = new URL(request.url ?? '', 'http://localhost')
    requests.push(`${request.method} ${url.pathname}`)
    return answerDirect(memory, request, url)
  })
  return {
    apiUrl: api.url,
    directUrl: direct.url,
    requests,
    violations: memory.violations,
    connected: memory.connected,
    answerNextWith: (outcome) => {
      memory.next = outcome
    },
    close: async () => void (await Promise.all([api.close(), direct.close()])),
  }
}

function violate(memory: Memory, what: string): Reply {
  memory.violations.push(what)
  return { status: 400, body: what }
}

function answerApi(memory: Memory, request: IncomingMessage, path: string, body: string): Reply {
  const name = `${request.method} ${path}`
  const { authorization, appauthorization, 'content-type': contentType } = request.headers
  if (authorization !== AUTHORIZATION) return violate(memory, `${name}: Authorization`)
  if (appauthorization !== APP_AUTHORIZATION) return violate(memory, `${name}: AppAuthorization`)
  const type = contentType?.split(';')[0]
  const isForm = type === 'application/x-www-form-urlencoded'
  if (name === 'POST /v5/accessToken' && isForm && /^partnerUserID=[A-Za-z0-9-]{1,80}$/.test(body))
    return { status: 200, headers: { 'content-type': 'text/plain;charset=utf-8' }, body: END_USER_ID }
  if (name === 'POST /v5/userInformation' && isForm && body === `authenticationToken=${END_USER_ID}`)
    return json([userInformation(memory)])
  const isJson = type === 'application/json'
  if (name === 'POST /widget/v6/connection' && isJson && body === `{"endUserId":"${END_USER_ID}"}`) {
    const token = `173450991${memory.tokens.size}X5520184477301926645`
    memory.tokens.add(token)
    const url = `https://connect.example.org/?connectionSessionToken=${token}&platform=web&lang=en`
    return json({ type: 'enduser.widget.connection', data: { url } })
  }
  return violate(memory, `${name} (${type}): ${body}`)
}

function userInformation({ connected }: Memory) {
  return {
    authenticationToken: END_USER_ID,
    partnerUserID: 'k7Qm2v',
    height: null,
    weight: null,
    birthdate: null,
    gender: null,
    connectedSources: [...connected].map(([dataSource, connectedAt]) => ({
      dataSource,
      connectedAt,
      dataScopes: ['Activity'],
    })),
    devices: [],
  }
}

function answerDirect(memory: Memory, request: IncomingMessage, url: URL): Reply {
  const name = `${request.method} ${url.pathname}`
  const { authorization, appauthorization } = request.headers
  if (authorization || appauthorization) return violate(memory, `${name}: credentials`)
  const {
    token = '',
    dataSource = '',
    redirect_uri: redirectUri,
    direct,
    connected: outcome,
  } = Object.fromEntries(url.searchParams)
  const names = [...url.searchParams.keys()].join()
  if (!memory.tokens.has(token) || !/^\d+$/.test(dataSource)) return violate(memory, `${name}${url.search}`)
  const source = Number(dataSource)
  const finish = (isConnected: boolean): Reply => {
    const parameters = `dataSource=${source}&connected=${isConnected}`
    const ownPage = `${RESULT_PAGE}?token=${token}&${parameters}`
    return { status: 302, headers: { location: redirectUri ? `${redirectUri}?${parameters}` : ownPage } }
  }
  if (name === 'GET /dataSourceDirectConnection.html' && /^token,dataSource(,redirect_uri)?$/.test(names)) {
    if (memory.next === 'approve') memory.connected.set(source, CONNECTED_AT)
    return finish(memory.next === 'approve')
  }
  const isRevoke = name === 'GET /dataSourceDirectRevoke.html' && direct === 'true'
  if (isRevoke && /^token,dataSource,direct(,redirect_uri)?$/.test(names)) {
    memory.connected.delete(source)
    return finish(false)
  }
  if (name === `GET ${RESULT_PAGE}` && (outcome === 'true' || outcome === 'false'))
    return {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>Done</title>',
    }
  return violate(memory, `${name}${url.search}`)
}

function json(body: unknown): Reply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

async function listen(answer: (request: IncomingMessage) => Promise<Reply>) {
  const server: Server = createServer(async (request, response) => {
    const { status, headers, body } = await answer(request)
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address of this form.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
