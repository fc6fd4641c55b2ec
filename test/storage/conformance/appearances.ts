// The looks of applications: settings and logo, each replaced by itself, and those that somebody tries for a while.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PLAIN_SETTINGS } from '../../../src/model/appearance.ts'
import { MINUTE, NOW, newApplication, newLogo, newPreview, newSettings } from '../rows.ts'
import { isError, type Opened, race } from '../support.ts'

export function appearanceRules(opened: () => Opened): void {
  describe('looks', () => {
    const changeOf = (applicationId: ReturnType<typeof newApplication>, revision: string, now = NOW) => ({
      applicationId,
      revision,
      now,
    })

    test('settings are found as they were stored, and later ones replace them whole', async () => {
      const { write, read } = opened().storage
      const application = newApplication()
      assert.equal(await read.appearances.find(application), null)
      assert.equal(await read.appearances.findRevision(application), null)
      const first = newSettings({ radius: 'none', font: 'serif', hideSpringbar: true })
      await write(({ appearances }) => appearances.putSettings(changeOf(application, 'one'), first))
      assert.deepEqual(await read.appearances.find(application), {
        settings: first,
        logoDigest: null,
        darkLogoDigest: null,
        revision: 'one',
        createdAt: NOW,
        updatedAt: NOW,
      })
      const second = newSettings({ name: null, texts: {} })
      const later = NOW + MINUTE
      await write(({ appearances }) => appearances.putSettings(changeOf(application, 'two', later), second))
      assert.deepEqual(await read.appearances.find(application), {
        settings: second,
        logoDigest: null,
        darkLogoDigest: null,
        revision: 'two',
        createdAt: NOW,
        updatedAt: later,
      })
      assert.equal(await read.appearances.findRevision(application), 'two')
    })

    test('a logo comes, changes and goes by itself, byte for byte; the settings stay', async () => {
      const { write, read } = opened().storage
      const application = newApplication()
      const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
      const logo = { ...newLogo(), bytes: every }
      await write(({ appearances }) => appearances.putLogo(changeOf(application, 'one'), logo))
      assert.deepEqual((await read.appearances.find(application))?.settings, PLAIN_SETTINGS)
      assert.deepEqual(await read.appearances.findLogo(application, logo.digest), logo)
      await write(({ appearances }) => appearances.putSettings(changeOf(application, 'two'), newSettings()))
      assert.equal((await read.appearances.find(application))?.logoDigest, logo.digest)
      const other = newLogo('another')
      await write(({ appearances }) => appearances.putLogo(changeOf(application, 'three'), other))
      assert.equal(await read.appearances.findLogo(application, logo.digest), null)
      assert.deepEqual(await read.appearances.findLogo(application, other.digest), other)
      await write(({ appearances }) => appearances.putLogo(changeOf(application, 'four'), null))
      const left = await read.appearances.find(application)
      assert.deepEqual([left?.logoDigest, left?.settings], [null, newSettings()])
    })

    test('the logo for the dark theme comes and goes by itself; both are found by their digests', async () => {
      const { write, read } = opened().storage
      const application = newApplication()
      const [light, dark] = [newLogo('light'), newLogo('dark')]
      await write(({ appearances }) => appearances.putDarkLogo(changeOf(application, 'one'), dark))
      assert.deepEqual((await read.appearances.find(application))?.settings, PLAIN_SETTINGS)
      await write(({ appearances }) => appearances.putLogo(changeOf(application, 'two'), light))
      await write(({ appearances }) => appearances.putSettings(changeOf(application, 'three'), newSettings()))
      const { logoDigest, darkLogoDigest } = (await read.appearances.find(application)) ?? {}
      assert.deepEqual([logoDigest, darkLogoDigest], [light.digest, dark.digest])
      for (const one of [light, dark])
        assert.deepEqual(await read.appearances.findLogo(application, one.digest), one)
      await write(({ appearances }) => appearances.putDarkLogo(changeOf(application, 'four'), null))
      assert.equal(await read.appearances.findLogo(application, dark.digest), null)
      assert.deepEqual(await read.appearances.findLogo(application, light.digest), light)
    })

    test('a look is removed once, with its logo', async () => {
      const { write, read } = opened().storage
      const application = newApplication()
      await write(({ appearances }) => appearances.putLogo(changeOf(application, 'one'), newLogo()))
      const remove = () => write(({ appearances }) => appearances.remove(application))
      assert.deepEqual([await remove(), await remove()], [true, false])
      assert.equal(await read.appearances.findLogo(application, newLogo().digest), null)
    })

    test('of fifty who store settings at the same time, on two replicas, one stays whole', async () => {
      const { storage, replica } = opened()
      const application = newApplication()
      await race(50, [storage, replica], ({ write }, caller) =>
        write(({ appearances }) =>
          appearances.putSettings(
            changeOf(application, `look ${caller}`),
            newSettings({ name: `look ${caller}` }),
          ),
        ),
      )
      const found = await storage.read.appearances.find(application)
      assert.equal(found?.settings.name, found?.revision)
    })
  })

  describe('looks that somebody tries', () => {
    test('one is found by its key alone, with its logo; a key is taken once', async () => {
      const { write, read } = opened().storage
      const application = newApplication()
      const preview = newPreview(application)
      const plain = newPreview(application, { logo: null, darkLogo: null })
      for (const one of [preview, plain])
        await write(({ appearancePreviews }) => appearancePreviews.insert(one))
      assert.deepEqual(await read.appearancePreviews.find(preview.keyHash), preview)
      assert.deepEqual(await read.appearancePreviews.find(plain.keyHash), plain)
      assert.equal(await read.appearancePreviews.find(`${preview.keyHash}x`), null)
      const again = newPreview(newApplication(), { keyHash: preview.keyHash })
      await assert.rejects(
        write(({ appearancePreviews }) => appearancePreviews.insert(again)),
        isError('conflict'),
      )
    })

    test('the oldest beyond a number go, and those of others stay', async () => {
      const { write, read } = opened().storage
      const [application, other] = [newApplication(), newApplication()]
      const own = [0, 1, 2, 3].map((i) => newPreview(application, { createdAt: NOW + i }))
      const foreign = newPreview(other, { createdAt: NOW - 1 })
      for (const one of [...own, foreign])
        await write(({ appearancePreviews }) => appearancePreviews.insert(one))
      const removed = await write(({ appearancePreviews }) => appearancePreviews.removeOldest(application, 2))
      assert.equal(removed, 2)
      const left = await Promise.all(
        [...own, foreign].map(async ({ keyHash }) => (await read.appearancePreviews.find(keyHash)) !== null),
      )
      assert.deepEqual(left, [false, false, true, true, true])
    })

    test('those that expired are removed, the oldest first, so many at a time', async () => {
      const { write, read } = opened().storage
      const application = newApplication()
      const long = NOW - 1_000 * MINUTE
      const old = [0, 1, 2].map((i) => newPreview(application, { expiresAt: long + i }))
      const living = newPreview(application, { expiresAt: long + 3 })
      for (const one of [...old, living])
        await write(({ appearancePreviews }) => appearancePreviews.insert(one))
      const sweep = () => write(({ appearancePreviews }) => appearancePreviews.deleteExpired(long + 3, 2))
      assert.deepEqual([await sweep(), await sweep(), await sweep()], [2, 1, 0])
      assert.notEqual(await read.appearancePreviews.find(living.keyHash), null)
    })
  })
}
