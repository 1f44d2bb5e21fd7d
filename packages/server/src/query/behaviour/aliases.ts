import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

/**
 * The names under which visitors and visits leave this server. A stored id may be what a browser proves itself with, or what a
 * producer of sessions calls a person, so it is not shown; and a hash could not be looked up without reading every visitor. So it is
 * encrypted, deterministically and for one site: its initialisation vector is a keyed hash of what it hides (RFC 5297's idea).
 */
export type Aliases = {
  aliasOf(site: string, id: string): string
  /** The id of an alias; undefined when it is none of this site. */
  idOf(site: string, alias: string): string | undefined
}

const cipher = 'aes-256-ctr'
const ivBytes = 16
const keyBytes = 32

/** @param secret random bytes, the same for as long as aliases are to hold */
export const aliasesOf = (secret: Buffer): Aliases => {
  const derived = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', purpose, keyBytes))
  const [hashKey, cipherKey] = [derived('alias hash'), derived('alias cipher')]
  const ivOf = (site: string, id: string): Buffer =>
    createHmac('sha256', hashKey).update(`${site}\0${id}`).digest().subarray(0, ivBytes)
  return {
    aliasOf: (site, id) => {
      const iv = ivOf(site, id)
      const encrypting = createCipheriv(cipher, cipherKey, iv)
      return Buffer.concat([iv, encrypting.update(id, 'utf8'), encrypting.final()]).toString('base64url')
    },
    idOf: (site, alias) => {
      const given = Buffer.from(alias, 'base64url')
      if (given.length <= ivBytes) return undefined
      const iv = given.subarray(0, ivBytes)
      const decrypting = createDecipheriv(cipher, cipherKey, iv)
      const id = Buffer.concat([decrypting.update(given.subarray(ivBytes)), decrypting.final()]).toString('utf8')
      return ivOf(site, id).equals(iv) ? id : undefined
    },
  }
}
