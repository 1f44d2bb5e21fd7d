/** Asks the API of ClickWatch, as whoever the assistant speaks for; answers its status and what it said. */
export type Ask = (method: 'GET' | 'POST', path: string, body?: object) => Promise<{ status: number; answer: unknown }>

/**
 * The API of a ClickWatch that runs elsewhere.
 * @param baseUrl such as http://localhost:8080
 * @param apiKey undefined is that it is asked from its own machine
 */
export const askOver = (baseUrl: string, apiKey: string | undefined): Ask => {
  const headers = {
    'content-type': 'application/json',
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  }
  return async (method, path, body) => {
    const answer = await fetch(new URL(path, baseUrl), {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, answer: await answer.json() }
  }
}
