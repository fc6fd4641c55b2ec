import { z } from 'zod'
import { limits } from '../limits.ts'
import type { EndUserProfile } from '../model/end-user.ts'

/** What may be stored about a person, as programs write it. Null forgets a value. */
export const profileFields = {
  height: z
    .int(`must be whole centimetres, from ${limits.heightCm.min} to ${limits.heightCm.max}`)
    .min(limits.heightCm.min)
    .max(limits.heightCm.max)
    .nullable()
    .optional(),
  weight: z
    .number(`must be kilograms, from ${limits.weightKg.min} to ${limits.weightKg.max}`)
    .min(limits.weightKg.min)
    .max(limits.weightKg.max)
    .nullable()
    .optional(),
  birthdate: z.iso.date('must be a date, YYYY-MM-DD').nullable().optional(),
  gender: z.enum(['male', 'female', 'genderless']).nullable().optional(),
}

interface ProfileInput {
  readonly height?: number | null | undefined
  readonly weight?: number | null | undefined
  readonly birthdate?: string | null | undefined
  readonly gender?: 'male' | 'female' | 'genderless' | null | undefined
}

/** The fields of a profile under the names of the model. */
export function toProfile({ height, weight, birthdate, gender }: ProfileInput): Partial<EndUserProfile> {
  return {
    ...(height === undefined ? {} : { heightCm: height }),
    ...(weight === undefined ? {} : { weightKg: weight }),
    ...(birthdate === undefined ? {} : { birthdate }),
    ...(gender === undefined ? {} : { gender }),
  }
}
