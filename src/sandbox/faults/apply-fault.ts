import { fill, refuse, serialize, toResponse } from '../engine/answer.ts'
import { outOfOrderPage } from '../pages/problem-page.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import type { JsonValue } from '../template.ts'
import type { Answer, AnyVendor, Operation } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'
import type { WaitingFault } from './faults.ts'

/** What a fault needs from around it. */
export interface FaultScene {
  readonly world: World
  readonly vendor: Pick<AnyVendor, 'key' | 'name' | 'refusals'>
  readonly request: VendorRequest
  /** What would have been done without the fault. */
  readonly carryOut: () => Promise<Answer>
  /** Cuts the connection; missing where there is none, as in a call within the process. */
  readonly resetConnection?: (() => Response) | undefined
}

const HTML =
  '<!doctype html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>'

/** Whether the fault shapes the real answer, so that there has to be one. */
const SHAPES_THE_ANSWER: ReadonlySet<Fault['kind']> = new Set([
  'fields',
  'contentType',
  'delay',
  'truncatedJson',
  'largeBody',
])

const isObject = (value: JsonValue): value is { readonly [name: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Sets and removes fields, at whatever depth they stand. A field that is set and stands nowhere is added at the top. */
function changeFields(
  value: JsonValue,
  set: Readonly<Record<string, JsonValue>>,
  remove: readonly string[],
): JsonValue {
  const changed = new Set<string>()
  const walk = (part: JsonValue): JsonValue => {
    if (!isObject(part)) return part
    return Object.fromEntries(
      Object.entries(part).flatMap(([name, inner]) => {
        if (remove.includes(name)) return []
        const replacement = set[name]
        if (replacement === undefined) return [[name, walk(inner)]]
        changed.add(name)
        return [[name, replacement]]
      }),
    )
  }
  const walked = walk(value)
  const added = Object.entries(set).filter(([name]) => !changed.has(name))
  return isObject(walked) ? { ...walked, ...Object.fromEntries(added) } : walked
}

async function silence({ world, request }: FaultScene): Promise<Response> {
  await world.delay(SANDBOX_LIMITS.delayMs, AbortSignal.any([request.signal, world.closing]))
  return new Response(null, { status: 504 })
}

function reset({ resetConnection }: FaultScene): Response {
  if (resetConnection) return resetConnection()
  return new Response('A connection can only be cut over real HTTP.', { status: 500 })
}

/** A page where something else was expected. */
async function page(status: number, operation: Operation | null, { vendor }: FaultScene): Promise<Response> {
  // Where a person looks at it, it is a page for people.
  const isForPeople = operation === 'authorize'
  return toResponse(isForPeople ? await outOfOrderPage(vendor, status) : { status, body: null, html: HTML })
}

/** Answers that need nothing of the real one. */
function replacement(
  { fault, operation }: Pick<WaitingFault, 'fault' | 'operation'>,
  scene: FaultScene,
): Response | Promise<Response> | undefined {
  switch (fault.kind) {
    case 'status': {
      const after = fault.retryAfterSeconds
      const headers = after === undefined ? {} : { 'retry-after': String(after) }
      return toResponse({ status: fault.status, body: null, headers })
    }
    case 'html':
      return page(fault.status, operation, scene)
    case 'invalidJson':
      return new Response('{"access_token": nothing of the kind', {
        status: 200,
        headers: { 'content-type': 'application/json; charset=utf-8' },
      })
    case 'noAnswer':
      return silence(scene)
    case 'connectionReset':
      return reset(scene)
    case 'redirect':
      return new Response(null, { status: fault.status, headers: { location: fault.location } })
    case 'refusal':
      return toResponse(refuse(scene.vendor, fault.refusal))
    default:
      return undefined
  }
}

/** The members of a form, changed; a list stands there several times, and what is no text is written as JSON. */
function changeForm(
  text: string,
  set: Readonly<Record<string, JsonValue>>,
  remove: readonly string[],
): string {
  const members = new URLSearchParams(text)
  for (const name of [...remove, ...Object.keys(set)]) members.delete(name)
  for (const [name, value] of Object.entries(set))
    for (const one of Array.isArray(value) ? value : [value])
      members.append(name, typeof one === 'string' ? one : serialize(one))
  return members.toString()
}

/** An answer with other members: of its JSON, or of the form that OAuth 1.0a answers with. */
const changeAnswer = (
  answer: Answer,
  set: Readonly<Record<string, JsonValue>>,
  remove: readonly string[] = [],
): Answer =>
  answer.text === undefined
    ? { ...answer, body: changeFields(answer.body ?? {}, set, remove) }
    : { ...answer, text: changeForm(answer.text, set, remove) }

/** Shapes the real answer. */
async function reshape(fault: Fault, answer: Answer, scene: FaultScene): Promise<Response> {
  switch (fault.kind) {
    case 'fields':
      return toResponse(changeAnswer(answer, fault.set, fault.remove))
    case 'largeBody':
      return toResponse(changeAnswer(answer, { padding: 'x'.repeat(fault.bytes) }))
    case 'contentType':
      return toResponse({ ...answer, headers: { ...answer.headers, 'content-type': fault.contentType } })
    case 'truncatedJson': {
      const text = answer.text ?? serialize(answer.body)
      const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
      return new Response(text.slice(0, Math.floor(text.length / 2)), { status: answer.status, headers })
    }
    case 'delay':
      await scene.world.delay(fault.delayMs, AbortSignal.any([scene.request.signal, scene.world.closing]))
      return toResponse(answer)
    default:
      return toResponse(fill(answer, {}))
  }
}

/** Lets a fault strike. */
export async function applyFault(waiting: WaitingFault, scene: FaultScene): Promise<Response> {
  const { fault } = waiting
  if (SHAPES_THE_ANSWER.has(fault.kind)) return reshape(fault, await scene.carryOut(), scene)
  if (waiting.carryOut) await scene.carryOut()
  return (await replacement(waiting, scene)) ?? toResponse(await scene.carryOut())
}
