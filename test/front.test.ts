import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

describe('what stands before collectors and API', () => {
  /** Who is asked, as nginx and an ingress choose: by its one expression, and by the longest path that fits. */
  const byNginx = (path: string): string => {
    const [, expression = ''] = /location ~ (\S+) \{/.exec(read('deploy/nginx/cluster.conf')) ?? []
    return new RegExp(expression).test(path) ? 'collector' : 'api'
  }
  type Rule = { path: string; pathType: string; backend: { service: { name: string } } }
  type Ingress = { spec: { rules: { http: { paths: Rule[] } }[] } }
  const byIngress = (path: string): string | undefined => {
    const { spec } = parse(read('deploy/kubernetes/cluster/ingress.yaml')) as Ingress
    const rules = spec.rules.flatMap(({ http }) => http.paths)
    const fits = ({ path: wanted, pathType }: Rule): boolean =>
      pathType === 'Exact' ? path === wanted : path === wanted || path.startsWith(wanted === '/' ? '/' : `${wanted}/`)
    return rules.filter(fits).toSorted((one, other) => other.path.length - one.path.length)[0]?.backend.service.name
  }

  it.each([
    ...[
      '/e',
      '/e/',
      '/e.gif',
      '/clickwatch.js',
      '/clickwatch.vitals.js',
      '/clickwatch.ideas.js',
      '/clickwatch.ideas.json',
    ],
    ...['/v1/events', '/v1/sessions', '/idea/shop/gift-cards', '/api/event', '/api/send', '/api/batch'],
    ...[
      '/i/v0/e',
      '/i/v0/e/',
      '/capture',
      '/capture/',
      '/batch',
      '/flags',
      '/flags/',
      '/decide',
      '/array/key/config.js',
    ],
  ])('sends %s to a collector', (path) => {
    expect([byNginx(path), byIngress(path)]).toEqual(['collector', 'collector'])
  })

  it.each([
    ...['/', '/ideas', '/ideas/1', '/live', '/settings', '/share/token', '/assets/index-1.js', '/report', '/events'],
    ...['/api/v2/query', '/api/live', '/api/sites/shop/ideas', '/api/docs/', '/api/export/events', '/api/share/token'],
  ])('sends %s to the API', (path) => {
    expect([byNginx(path), byIngress(path)]).toEqual(['api', 'api'])
  })
})
