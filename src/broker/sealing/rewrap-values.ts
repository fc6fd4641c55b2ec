import { limits } from '../../limits.ts'
import { LASTING_KINDS, SEALED_KINDS, type SealedKind, type SealedValue } from '../../model/sealed-value.ts'
import { PEPPER_PLACE, VaultError } from '../../vault/index.ts'
import { appendAudit } from '../audit/append-audit.ts'
import type { Context } from '../context.ts'
import { placeOfValue } from './sealed-places.ts'

/** The setting that holds the sealed pepper. */
export const PEPPER_SETTING = 'pepper'

type Sealing = Pick<Context, 'storage' | 'vault'>

/** What is counted: sealed values, and the one pepper. */
export type CountedKind = SealedKind | 'pepper'

/** What a look at every sealed value found. */
export interface VaultCensus {
  /** How many values each key of the ring, by its id, still wraps, by kind; a key that is gone counts too. */
  readonly byKey: ReadonlyMap<string, ReadonlyMap<CountedKind, number>>
  /** Values that no configured key opens, by kind: altered, moved, or sealed by a key that is gone. */
  readonly unreadable: ReadonlyMap<CountedKind, number>
  /** Values not under the primary key that are gone within the hour by themselves. */
  readonly passing: number
}

/** Opens every sealed value and tells which keys they need. It changes nothing. */
export async function takeVaultCensus({ storage, vault }: Sealing): Promise<VaultCensus> {
  const byKey = new Map<string, Map<CountedKind, number>>()
  const unreadable = new Map<CountedKind, number>()
  let passing = 0
  const countPlace = (kind: CountedKind, sealed: string, open: () => void) => {
    try {
      const keyId = vault.keyOf(sealed)
      const kinds = byKey.get(keyId) ?? new Map<CountedKind, number>()
      byKey.set(keyId, kinds)
      countOne(kinds, kind)
      open()
    } catch (error) {
      if (!(error instanceof VaultError)) throw error
      countOne(unreadable, kind)
    }
  }
  for (const kind of SEALED_KINDS)
    for await (const value of valuesOf(storage, kind)) {
      const place = placeOfValue(value)
      if (place === null && !vault.isCurrent(value.sealed)) passing += 1
      countPlace(kind, value.sealed, () => place !== null && vault.open(value.sealed, place))
    }
  const pepper = await storage.read.records.readSetting(PEPPER_SETTING)
  if (pepper !== null) countPlace('pepper', pepper, () => vault.open(pepper, PEPPER_PLACE))
  return Object.freeze({ byKey, unreadable, passing })
}

const countOne = (counts: Map<CountedKind, number>, kind: CountedKind): void =>
  void counts.set(kind, (counts.get(kind) ?? 0) + 1)

/** How many values one key wraps. */
export const totalOf = (kinds: ReadonlyMap<CountedKind, number>): number =>
  [...kinds.values()].reduce((sum, count) => sum + count, 0)

/** What a rotation did, and what is left before older keys can go. */
export interface Rewrapping {
  /** How many values were wrapped anew, by kind. */
  readonly rewrapped: ReadonlyMap<CountedKind, number>
  /** Whether everything, the pepper at last, is under the primary key now, so that no other key is needed. */
  readonly isFinished: boolean
  readonly census: VaultCensus
}

/**
 * Wraps the data key of every lasting value by the primary key. It runs beside the service and may be broken off and run again: each value is replaced only if it is still the one that
 * was read, and nobody who reads or renews it meanwhile notices.
 *
 * The pepper comes last, once nothing else needs another key. The service does not start without a key that opens it, so
 * a key that is taken away too early is missed at the start and not at the first person's token.
 */
export async function rewrapValues(context: Pick<Context, 'storage' | 'vault' | 'now'>): Promise<Rewrapping> {
  const { storage, vault } = context
  const rewrapped = new Map<CountedKind, number>()
  for (const kind of LASTING_KINDS) rewrapped.set(kind, await rewrapKind(context, kind))
  const before = await takeVaultCensus(context)
  const pepper = await storage.read.records.readSetting(PEPPER_SETTING)
  if (pepper === null || !isLast(context, before, pepper))
    return Object.freeze({ rewrapped, isFinished: false, census: before })
  await storage.write(async (tables) => {
    rewrapped.set('pepper', vault.isCurrent(pepper) ? 0 : 1)
    if (!vault.isCurrent(pepper))
      await tables.records.replaceSetting(PEPPER_SETTING, vault.rewrap(pepper, PEPPER_PLACE))
    await appendAudit(context, tables, {
      at: context.now(),
      actor: 'operator',
      applicationId: null,
      action: 'vault.rewrap',
      object: vault.primary,
      result: 'ok',
      requestId: null,
    })
  })
  return Object.freeze({ rewrapped, isFinished: true, census: await takeVaultCensus(context) })
}

/** Whether the pepper alone may still be under another key than the primary one. */
function isLast(
  { vault }: Pick<Context, 'vault'>,
  { byKey, unreadable }: VaultCensus,
  pepper: string,
): boolean {
  const elsewhere = [...byKey].reduce(
    (sum, [key, kinds]) => sum + (key === vault.primary ? 0 : totalOf(kinds)),
    0,
  )
  return unreadable.size === 0 && elsewhere === (vault.isCurrent(pepper) ? 0 : 1)
}

async function rewrapKind({ storage, vault }: Sealing, kind: SealedKind): Promise<number> {
  let count = 0
  for (let after = ''; ; ) {
    const page = await storage.read.sealedValues.page(kind, after, limits.sealedValuesPerPage)
    const last = page.at(-1)
    if (last === undefined) return count
    after = last.key
    const fresh = page.flatMap((value) => rewrappedOf({ vault }, value))
    if (fresh.length === 0) continue
    count += await storage.write(async (tables) => {
      let replaced = 0
      for (const { value, sealed } of fresh)
        if (await tables.sealedValues.replace(value, sealed)) replaced += 1
      return replaced
    })
  }
}

/** A value wrapped anew; nothing for one that needs it not, or that does not open. */
function rewrappedOf(
  { vault }: Pick<Context, 'vault'>,
  value: SealedValue,
): readonly { readonly value: SealedValue; readonly sealed: string }[] {
  const place = placeOfValue(value)
  try {
    if (place === null || vault.isCurrent(value.sealed)) return []
    return [{ value, sealed: vault.rewrap(value.sealed, place) }]
  } catch (error) {
    // The census counts it and the operator is told; the others go on.
    if (error instanceof VaultError) return []
    throw error
  }
}

async function* valuesOf(storage: Context['storage'], kind: SealedKind): AsyncGenerator<SealedValue> {
  for (let after = ''; ; ) {
    const page = await storage.read.sealedValues.page(kind, after, limits.sealedValuesPerPage)
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    after = last.key
  }
}
