import { z } from 'zod'
import { limits } from '../limits.ts'

/** What may be stored about a person, as programs write it. Null forgets a value. */
export const profileFields = {
  height: z
    .int('must be whole centimetres')
    .min(limits.heightCm.min)
    .max(limits.heightCm.max)
    .nullable()
    .optional(),
  weight: z
    .number('must be kilograms')
    .min(limits.weightKg.min)
    .max(limits.weightKg.max)
    .nullable()
    .optional(),
  birthdate: z.iso.date('must be a date, YYYY-MM-DD').nullable().optional(),
  gender: z.enum(['male', 'female', 'genderless']).nullable().optional(),
}

export interface ProfileInput {
  readonly height?: number | null | undefined
  readonly weight?: number | null | undefined
  readonly birthdate?: string | null | undefined
  readonly gender?: 'male' | 'female' | 'genderless' | null | undefined
}
