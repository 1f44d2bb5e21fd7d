import { BlobSASPermissions, generateBlobSASQueryParameters } from '@azure/storage-blob'
import { expect, it } from 'vitest'
import { withPermissions } from './signature.ts'

const [startsOn, expiresOn] = [new Date('2026-06-01T12:00:00Z'), new Date('2026-06-01T13:00:00Z')]
const key = {
  signedObjectId: 'who',
  signedTenantId: 'where',
  signedStartsOn: startsOn,
  signedExpiresOn: expiresOn,
  signedService: 'b',
  signedVersion: '2025-01-05',
  value: Buffer.from('the key of an hour').toString('base64'),
}
const folder = { containerName: 'My space', blobName: 'web.Lakehouse/Tables', isDirectory: true }
const byAzure = (permissions: string): string =>
  generateBlobSASQueryParameters(
    { ...folder, startsOn, expiresOn, permissions: BlobSASPermissions.parse(permissions) },
    key as never,
    'onelake',
  ).toString()
const name = '/blob/onelake/My space/web.Lakehouse/Tables'
const fieldsOf = (signature: string) => Object.fromEntries(new URLSearchParams(signature))

it("a folder's signature is what Azure's own client signs, and lets it be listed as well", () => {
  expect(fieldsOf(withPermissions(byAzure('racwd'), name, key.value, 'racwd'))).toEqual(fieldsOf(byAzure('racwd')))
  // Of other permissions, too: what is signed is not what was signed before.
  expect(fieldsOf(withPermissions(byAzure('r'), name, key.value, 'racwd'))).toEqual(fieldsOf(byAzure('racwd')))
  expect(fieldsOf(withPermissions(byAzure('racwd'), name, key.value, 'racwdl'))).toMatchObject({
    ...{ sr: 'd', sdd: '2', sp: 'racwdl', st: '2026-06-01T12:00:00Z', se: '2026-06-01T13:00:00Z' },
    sig: expect.not.stringMatching(fieldsOf(byAzure('racwd')).sig ?? ''),
  })
})
