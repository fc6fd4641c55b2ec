import { EVENT_TYPES, type EventType } from '../model/event.ts'
import type { WebhookSettings } from '../model/webhook.ts'
import { canSay } from './render-event.ts'

/** The types of events that an endpoint is told of: those it asked for, as far as its format can say them. */
export const wantedTypes = ({ types, format }: Pick<WebhookSettings, 'types' | 'format'>) =>
  (types ?? EVENT_TYPES).filter((type: EventType) => canSay(format, type))
