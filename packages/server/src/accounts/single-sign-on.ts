/** An identity provider, by OpenID Connect. */
export type SingleSignOn = {
  /** Such as https://login.example/realms/shop, under which it describes itself. */
  issuer: string
  clientId: string
  clientSecret: string
  /** What its button says. */
  name: string
}

/** What accounts that an identity provider vouches for are marked with. */
export const providerId = 'oidc'
/** Where the provider sends people back to, below the address of the server. */
export const basePath = '/api/auth'
