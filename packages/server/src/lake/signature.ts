import { createHmac } from 'node:crypto'

/**
 * A signature for a folder, made with the key of a user's delegation, with other permissions. Azure's client for blobs signs none that lets a
 * folder be listed, which OneLake and ADLS know.
 * https://learn.microsoft.com/en-us/rest/api/storageservices/create-user-delegation-sas#version-2020-12-06-and-later
 * @param signature as the client made it, without what is optional: addresses, protocols, headers
 * @param name the folder's canonical name, `/blob/account/container/folder`
 * @param key of the delegation, in base64
 * @param permissions such as `rwl`, in the order that Azure has them
 */
export const withPermissions = (signature: string, name: string, key: string, permissions: string): string => {
  const fields = new URLSearchParams(signature)
  const of = (field: string): string => fields.get(field) ?? ''
  const signedKey = ['skoid', 'sktid', 'skt', 'ske', 'sks', 'skv'].map(of)
  const whose = ['', '', '', '', '']
  const [address, protocol] = ['', '']
  const [snapshot, scope, headers, parameters] = ['', '', '', '']
  const answered = ['', '', '', '', '']
  const signed = [
    ...[permissions, of('st'), of('se'), name, ...signedKey, ...whose, address, protocol, of('sv'), of('sr')],
    ...[snapshot, scope, headers, parameters, ...answered],
  ].join('\n')
  fields.set('sp', permissions)
  fields.set('sig', createHmac('sha256', Buffer.from(key, 'base64')).update(signed, 'utf8').digest('base64'))
  return fields.toString()
}
