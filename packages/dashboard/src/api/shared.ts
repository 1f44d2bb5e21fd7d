import { linkHeader, type OpenedLink, passHeader } from '@clickwatch/contract'

/** The shared link by which this page looks at a site; undefined where it looks with a key, or from the server's machine. */
let shared: { token: string; link: OpenedLink } | undefined

export const lookByLink = (token: string, link: OpenedLink): void => {
  shared = { token, link }
}

export const sharedLink = (): OpenedLink | undefined => shared?.link

export const sharedHeaders = (): Record<string, string> | undefined =>
  shared && { [linkHeader]: shared.token, ...(shared.link.pass ? { [passHeader]: shared.link.pass } : {}) }
