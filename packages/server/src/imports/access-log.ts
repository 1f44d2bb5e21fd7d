import { createHmac } from 'node:crypto'
import { readAgent } from '../collect/enrich/agent.ts'
import { botReason } from '../collect/enrich/bot.ts'
import { openPlaces, type PlaceOf } from '../collect/enrich/geo.ts'
import { type Format, type Given, momentOf, type Read } from './hit.ts'
import { linesOf } from './lines.ts'

/** What a line of a log says of a request. */
type Request = {
  address: string
  timeMs: number | undefined
  method: string
  target: string
  status: number
  referrer: string
  userAgent: string
  host: string
}

// https://httpd.apache.org/docs/current/logs.html#combined, which nginx' `combined` is, too.
const combined = /^(\S+) \S+ .*? \[([^\]]+)\] "(\S+) (\S+)[^"]*" (\d{3}) \S+ "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"/
const combinedTime = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})$/
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const timeOf = (text: string): number | undefined => {
  const [, day, month = '', year, time, zone] = combinedTime.exec(text) ?? []
  const number = months.indexOf(month) + 1
  return number === 0 ? undefined : momentOf(`${year}-${String(number).padStart(2, '0')}-${day}T${time}${zone}`)
}

const known = (text: string): string => (text === '-' ? '' : text)

const readCombined = (line: string): Request | undefined => {
  const match = combined.exec(line)
  if (!match) return undefined
  const [, address = '', time = '', method = '', target = '', status, referrer = '', userAgent = ''] = match
  return {
    ...{ address, timeMs: timeOf(time), method, target, status: Number(status), host: '' },
    ...{ referrer: known(referrer), userAgent: known(userAgent) },
  }
}

// https://docs.aws.amazon.com/AmazonCloudFront/latest/developerguide/standard-logs-reference.html: values are encoded, twice where they had a %.
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(known(text).replaceAll('%25', '%'))
  } catch {
    return known(text)
  }
}

const readCloudFront = (fields: readonly string[], line: string): Request => {
  const values = line.split('\t')
  const of = (name: string): string => values[fields.indexOf(name)] ?? '-'
  const query = known(of('cs-uri-query'))
  return {
    ...{ address: of('c-ip'), timeMs: momentOf(`${of('date')}T${of('time')}`), method: of('cs-method') },
    ...{ target: of('cs-uri-stem') + (query && `?${query}`), status: Number(of('sc-status')) },
    ...{
      referrer: decoded(of('cs(Referer)')),
      userAgent: decoded(of('cs(User-Agent)')),
      host: known(of('x-host-header')),
    },
  }
}

/** What is no page by its name: files that pages load, feeds, and what nobody is meant to find, such as /.env. */
const asset =
  /\.(?:js|mjs|wasm|webmanifest|css|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|eot|ttf|otf|mp4|webm|mp3|json|xml|rss|atom|txt|pdf|zip|gz)$|\/\.(?!well-known\/)|\/feed\/?$/i

/** Why a request is no page view; '' where it is one. */
const leftFor = ({ method, status, target, userAgent }: Request): string => {
  if (method !== 'GET') return 'no GET'
  if (status !== 200 && status !== 304) return 'no answer of a page'
  if (asset.test(target.split('?')[0] ?? '')) return 'no page'
  return botReason({ 'user-agent': userAgent })
}

const readRequest = (request: Request, { secret, host: usual }: Given, placeOf: PlaceOf): Read => {
  const { address, timeMs, target, referrer, userAgent, host } = request
  if (timeMs === undefined || Number.isNaN(timeMs)) return { wrong: 'has no time that can be read' }
  const left = leftFor(request)
  if (left !== '') return { left }
  const day = new Date(timeMs).toISOString().slice(0, 10)
  // As without cookies: an address is looked up, and made a hash that is another one the next day.
  const visitor = createHmac('sha256', secret).update(`${day} ${address} ${userAgent}`).digest('hex')
  const { browser, os, device } = readAgent({ 'user-agent': userAgent })
  return {
    hit: {
      ...{ visitor, visit: '', timeMs, type: 'page_view', url: `https://${host || usual}${target}`, referrer },
      ...{ browser, os, device, country: placeOf(address).country, language: '' },
    },
  }
}

/** Logs of web servers: `combined` of Apache and nginx, and CloudFront's standard logs, which say so themselves. */
export const accessLog: Format = async function* (text, given) {
  const placeOf = await openPlaces(undefined)
  let fields: string[] = []
  for await (const { line, content } of linesOf(text)) {
    if (content.startsWith('#')) {
      if (content.startsWith('#Fields:')) fields = content.slice('#Fields:'.length).trim().split(/\s+/)
      continue
    }
    const request = fields.length > 0 ? readCloudFront(fields, content) : readCombined(content)
    // What stands there has an address in it, and is told to nobody.
    if (request) yield { line, ...readRequest(request, given, placeOf) }
    else yield { line, wrong: 'is no line of a combined log' }
  }
}
