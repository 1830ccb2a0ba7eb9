/** What the address asks for. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'cluster' }
  | { readonly page: 'lesson'; readonly id: string }
  | { readonly page: 'link'; readonly payload: string }
  | { readonly page: 'newer' }
  | { readonly page: 'unknown'; readonly path: string }

/** `#/` is home, `#/lesson/…` a lesson, `#1.…` a shared scene; another `#/…` is nothing we know, and anything else is the cluster that was left. */
export function routeOf(hash: string): Route {
  const text = hash.replace(/^#/, '')
  if (text === '/' || text === '/home') return { page: 'home' }
  const lesson = /^\/lesson\/([\w./-]+)$/.exec(text)?.[1]
  if (lesson) return { page: 'lesson', id: lesson }
  if (text.startsWith('/') && text !== '/cluster') return { page: 'unknown', path: `#${text}` }
  const link = /^(\d+)\.(.+)$/.exec(text)
  if (!link) return { page: 'cluster' }
  return link[1] === '1' ? { page: 'link', payload: link[2] ?? '' } : { page: 'newer' }
}
