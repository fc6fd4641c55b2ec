// The parts of an OpenAPI description, and validators made of its schemas.
import { z } from 'zod'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
export type JsonObject = { readonly [name: string]: Json }

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: JsonObject
  }[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}
type Content = Readonly<Record<string, { readonly schema: JsonObject }>>

export interface Description {
  readonly openapi: string
  readonly info: Readonly<Record<string, unknown>>
  readonly servers: readonly { readonly url: string }[]
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonObject>>
    readonly securitySchemes: Readonly<Record<string, JsonObject>>
  }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every object in a document, itself included. */
export function objectsIn(value: Json): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn)
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : []
}

/** Makes validators of schemas in which every object knows all its fields, so that an undescribed one is a fault. */
export function validatorsFor(description: Description): (schema: JsonObject) => z.ZodType {
  function validatorOf(schema: JsonObject): z.ZodType {
    const closed = close(resolve(schema))
    // The type of the parameter is zod's own description of JSON Schema, which ours is a part of.
    return z.fromJSONSchema(closed as Parameters<typeof z.fromJSONSchema>[0])
  }

  function resolve(value: Json): Json {
    if (Array.isArray(value)) return value.map(resolve)
    if (!isObject(value)) return value
    const { $ref } = value
    if (typeof $ref === 'string') {
      const name = $ref.replace('#/components/schemas/', '')
      return resolve(description.components.schemas[name] ?? null)
    }
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner)]))
  }

  /** Joins objects that are put together by `allOf`, and closes every object. */
  function close(value: Json): Json {
    if (Array.isArray(value)) return value.map(close)
    if (!isObject(value)) return value
    const { allOf, ...rest } = value
    if (Array.isArray(allOf)) {
      const parts = allOf.filter(isObject)
      return close({
        ...rest,
        type: 'object',
        properties: Object.assign({}, ...parts.map((part) => part['properties'])),
        required: parts.flatMap((part) => (Array.isArray(part['required']) ? part['required'] : [])),
      })
    }
    const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, close(one)]))
    return isObject(value['properties']) ? { ...inner, additionalProperties: false } : inner
  }

  return validatorOf
}
