import { keep, readKept } from './keep.ts'
import { unfoldLink } from './link.ts'
import type { Route } from './route.ts'
import type { Session } from './session.svelte.ts'

interface KeptLink {
  readonly payload: string
  readonly scene: string
}

/** Opens what the address asks for. A link never overwrites the cluster that was left: each is kept under a name of its own. */
export async function openRoute(session: Session, route: Route): Promise<void> {
  if (route.page === 'lesson') await session.open({ lesson: route.id })
  else if (route.page === 'link') await openLink(session, route.payload)
  else {
    await openLeft(session)
    if (route.page === 'newer')
      session.problem = { message: 'This link was made by a newer Drydock. Reload the page to get it.' }
  }
}

async function openLink(session: Session, payload: string): Promise<void> {
  const kept = readKept<KeptLink | null>('linkScene', null)
  const link = kept?.payload === payload ? kept.scene : await unfoldLink(payload)
  if (link !== undefined) {
    await session.open({ link })
    return
  }
  await openLeft(session)
  session.problem = {
    message: 'The link is broken: its scene could not be unfolded. Your own cluster is open instead.',
  }
}

async function openLeft(session: Session): Promise<void> {
  const scene = readKept<string | null>('scene', null)
  if (scene === null) {
    await session.open({})
    return
  }
  await session.open({ link: scene })
  if (!session.problem) return
  keep('scene', undefined)
  await session.open({})
}

/** virtual time of what is kept: a paused cluster is not kept again */
let keptAt: number | undefined

/** Keeps the scene, so that a reload resumes. */
export async function keepScene(session: Session, route: Route): Promise<void> {
  if (!session.isOpen || session.crash || session.now === keptAt) return
  keptAt = session.now
  const scene = await session.door.share()
  if (route.page === 'link') keep('linkScene', { payload: route.payload, scene } satisfies KeptLink)
  else if (route.page !== 'lesson') keep('scene', scene)
}
