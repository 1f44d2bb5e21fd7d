import { linkHeader, type OpenedLink, passHeader } from '@clickwatch/contract'

/** The shared link by which this page looks at a site; undefined where it looks with a key, or from the server's machine. */
let shared: { token: string; link: OpenedLink } | undefined

export const lookByLink = (token: string, link: OpenedLink): void => {
  shared = { token, link }
}

export const sharedLink = (): OpenedLink | undefined => shared?.link

/** Whether the link shows less than its whole site. What it is limited by cannot narrow that something happened, so it is not told. */
export const isLimited = ({ filters, date_range }: OpenedLink): boolean => filters.length > 0 || date_range !== null

export const sharedHeaders = (): Record<string, string> | undefined =>
  shared && { [linkHeader]: shared.token, ...(shared.link.pass ? { [passHeader]: shared.link.pass } : {}) }

const passItem = (token: string): string => `clickwatch.pass.${token}`

/** A pass is kept for as long as the window is open. In a frame of another page the browser may keep nothing: then it is asked again. */
export const rememberPass = (token: string, pass: string | null): void => {
  try {
    if (pass !== null) sessionStorage.setItem(passItem(token), pass)
  } catch {
    // Nothing is lost but a password typed once more.
  }
}

export const passOf = (token: string): string | undefined => {
  try {
    return sessionStorage.getItem(passItem(token)) ?? undefined
  } catch {
    return undefined
  }
}
