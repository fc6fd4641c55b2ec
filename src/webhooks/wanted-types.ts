import { EVENT_TYPES, type EventType, TYPES_TO_ASK_FOR } from '../model/event.ts'
import type { WebhookSettings } from '../model/webhook.ts'
import { canSay } from './render-event.ts'

/** What an endpoint is told of that names no types. */
const BY_ITSELF = EVENT_TYPES.filter((type) => !TYPES_TO_ASK_FOR.has(type))

/** The types of events that an endpoint is told of: those it asked for, as far as its format can say them. */
export const wantedTypes = ({ types, format }: Pick<WebhookSettings, 'types' | 'format'>) =>
  (types ?? BY_ITSELF).filter((type: EventType) => canSay(format, type))
