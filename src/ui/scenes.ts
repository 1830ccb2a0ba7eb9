import { keep, readKept } from './keep.ts'
import { failureWords, foldLink, readLink } from './link.ts'
import type { SceneSource } from './protocol.ts'
import type { Route } from './route.ts'
import type { Session } from './session.svelte.ts'
import { Tabs } from './tabs.svelte.ts'
import { digest, filesOf, isFiles, sceneName } from './views/manifest/files.ts'
import type { Place } from './views/manifest/files.ts'
import { recordProgress } from './views/home/progress.ts'
import { visit } from './views/share/visit.svelte.ts'

interface KeptLink {
  readonly payload: string
  readonly scene: string
}

const stageViews = ['nodes', 'controlPlane', 'traffic', 'owners'] as const

/** which scene is open, and so under which name it is kept */
let place: Place | undefined
let keptText: string | undefined
/** what is being opened, after what was asked for before it */
let queue: Promise<void> = Promise.resolve()
let isOpening = false

let opened: Session | undefined
/** Which tab has the scene that is open. */
export const tabs = new Tabs({
  keep: async () => {
    keptText = undefined // whoever goes on reads what is kept, whatever became of it meanwhile
    if (opened) await keepNow(opened)
  },
  taken: () => void opened?.door.play(false),
})

/** Opens what the address asks for. What was open is kept first. False when it is open in another tab, and stays there. */
export async function openRoute(session: Session, route: Route): Promise<boolean> {
  opened = session
  tabs.leave()
  const answer = { isHere: false }
  await inTurn(async () => {
    await keepNow(session)
    if (route.page === 'lesson') answer.isHere = await openLesson(session, route.id)
    else if (route.page === 'link') answer.isHere = await openLink(session, route.payload)
    else answer.isHere = await openOwn(session, whyOwn(route))
    if (answer.isHere && route.page === 'unknown') leaveAddress()
  })
  return answer.isHere
}

/** Why the own cluster is open, where something else was asked for. */
function whyOwn(route: Route): string | undefined {
  if (route.page === 'newer')
    return 'This link was made by a newer Drydock. Reload the page to get it. Your own cluster is open instead.'
  if (route.page !== 'unknown') return undefined
  const path = route.path.length > 60 ? `${route.path.slice(0, 60)}…` : route.path
  return `There is no page ${path}. Your own cluster is open instead.`
}

/** Keeps the scene, so that a reload resumes; called often, and does little when nothing changed. */
export async function keepScene(session: Session, _route?: Route): Promise<void> {
  if (!isOpening) await keepNow(session)
}

/** Opens a file somebody chose: a scene, or a lesson. Says what is wrong with it; the address leads to it otherwise. */
export async function openText(session: Session, text: string): Promise<string | undefined> {
  if (text.length > 2_000_000) return 'This file is larger than 2 MB.'
  const isScene = text.trimStart().startsWith('{')
  if (!isScene) {
    const answer = { message: undefined as string | undefined }
    await inTurn(async () => {
      await keepNow(session)
      const problem = await session.door.openLessonText(text)
      if (problem) answer.message = problem.message
      else location.hash = `#1.${await foldLink(await session.door.share())}`
    })
    return answer.message
  }
  try {
    const { version } = JSON.parse(text) as { version?: unknown }
    if (version !== 1)
      return version === undefined
        ? 'This file holds no scene: it has no version.'
        : `This file holds a scene of format ${JSON.stringify(version)}; this page reads format 1.`
  } catch {
    return 'This file holds no scene: it is not valid JSON.'
  }
  location.hash = `#1.${await foldLink(text)}`
  return undefined
}

/** Forgets where somebody was in a lesson, so that it begins anew when it is opened. */
export function forgetLesson(id: string): void {
  if (place?.kind !== 'lesson' || place.id !== id) keep(lessonName(id), undefined)
}

/** Forgets where somebody was in a link's scene, unless it is open, so that it begins anew. */
export function forgetLink(payload: string): void {
  if (place?.kind !== 'link' || place.payload !== payload) keep(linkName(payload), undefined)
}

/** Whether the own cluster is open: neither a lesson nor somebody's scene. */
export function isOwnOpen(): boolean {
  return place?.kind === 'own'
}

/**
 * Begins the own cluster anew, from a scene where one is given. Returns what brings the old one back;
 * undefined when it is open in another tab, and stays there.
 */
export async function clearOwn(session: Session, scene?: string): Promise<(() => Promise<void>) | undefined> {
  opened = session
  let old: string | null | undefined
  const open = (source: SceneSource) =>
    inTurn(async () => {
      await keepNow(session)
      if (!(await tabs.claim(ownName))) return
      old ??= isOwnOpen() ? await session.door.share() : readKept<string | null>(ownName, null)
      await tryOpen(session, source)
      enter(session, { kind: 'own' })
      await keepNow(session)
    })
  await open(scene === undefined ? {} : { link: scene })
  return old === undefined ? undefined : () => open(typeof old === 'string' ? { link: old } : {})
}

/** Begins a lesson anew: one of the catalogue with its first step, a sent one where its link begins. */
export function startOver(session: Session, id: string): Promise<void> {
  return inTurn(async () => {
    if (place?.kind === 'link') {
      keep(linkName(place.payload), undefined)
      await openLink(session, place.payload)
      return
    }
    keep(lessonName(id), undefined)
    keptText = undefined
    session.problem = await session.door.startLesson(id)
  })
}

/** The scene as a link carries it: with the manifests in the editor, and the view that is shown. */
export async function sceneToShare(session: Session): Promise<string> {
  const scene = JSON.parse(await session.door.share()) as Record<string, unknown>
  const kept = session.scene === undefined ? null : readKept<unknown>(session.scene, null)
  const files = isFiles(kept)
    ? Object.fromEntries(kept.files.filter(({ text }) => text.length <= 100_000).map(({ name, text }) => [name, text]))
    : (scene['files'] ?? {})
  return JSON.stringify({ ...scene, files, view: { ...plainOf(scene['view']), stage: session.view } })
}

async function inTurn(work: () => Promise<void>): Promise<void> {
  const turn = queue.then(async () => {
    isOpening = true
    try {
      await work()
    } finally {
      isOpening = false
    }
  })
  queue = turn.catch(() => undefined)
  await turn
}

async function openLesson(session: Session, id: string): Promise<boolean> {
  if (!(await tabs.claim(lessonName(id)))) return false
  const kept = readKept<string | null>(lessonName(id), null)
  if (kept !== null) {
    await tryOpen(session, { link: kept })
    if (!session.problem) {
      enter(session, { kind: 'lesson', id })
      return true
    }
    keep(lessonName(id), undefined)
  }
  await tryOpen(session, { lesson: id })
  if (session.problem) return ownInstead(session, session.problem.message)
  enter(session, { kind: 'lesson', id })
  return true
}

async function openLink(session: Session, payload: string): Promise<boolean> {
  if (!(await tabs.claim(linkName(payload)))) return false
  const kept = readKept<KeptLink | null>(linkName(payload), null)
  const link = kept?.payload === payload ? { text: kept.scene } : await readLink(payload)
  if ('failure' in link) return ownInstead(session, failureWords(link.failure), '')
  bringFiles(link.text, payload)
  await tryOpen(session, { link: link.text })
  if (session.problem) return ownInstead(session, session.problem.message)
  showView(session, link.text)
  enter(session, { kind: 'link', payload })
  return true
}

/** What was asked for cannot be opened: says why, and what is open in its place. */
async function ownInstead(
  session: Session,
  why: string,
  instead = ' Your own cluster is open instead.',
): Promise<boolean> {
  const isHere = await openOwn(session, `${why}${instead}`)
  leaveAddress()
  return isHere
}

/** The address no longer names what could not be opened: a reload, or a copy of it, leads to what is shown. */
function leaveAddress(): void {
  if (typeof history !== 'undefined') history.replaceState(null, '', '#/cluster')
}

async function openOwn(session: Session, message?: string): Promise<boolean> {
  if (!(await tabs.claim(ownName))) return false
  const scene = readKept<string | null>(ownName, null)
  if (scene !== null) {
    await tryOpen(session, { link: scene })
    if (session.problem) {
      // It is kept aside rather than lost: a later version may read it.
      keep('sceneUnread', scene)
      keep(ownName, undefined)
      await tryOpen(session, {})
    }
  } else await tryOpen(session, {})
  enter(session, { kind: 'own' })
  if (message) session.problem = { message }
  return true
}

/** Opens a scene; whatever goes wrong in there becomes the session's problem. */
async function tryOpen(session: Session, source: SceneSource): Promise<void> {
  // What was selected is of the scene that is left.
  session.select(undefined)
  session.clearChain(true)
  session.scene = undefined
  try {
    await session.open(source)
  } catch (error) {
    session.problem = { message: error instanceof Error ? error.message : 'The scene could not be opened.' }
  }
}

function enter(session: Session, next: Place): void {
  place = next
  session.scene = sceneName(next)
  keptText = undefined
  visit.isScene = next.kind === 'link'
  offerWayBack()
}

/** Says where somebody is and how to go back, each time a scene of somebody else is come to. */
export function offerWayBack(): void {
  visit.isOffered = visit.isScene
}

/** The manifests a link brings are in the editor when it is first opened. */
function bringFiles(text: string, payload: string): void {
  const name = sceneName({ kind: 'link', payload })
  if (isFiles(readKept<unknown>(name, null))) return
  const { files } = plainOf(text)
  const given = Object.entries(plainOf(files)).flatMap(([file, content]) =>
    typeof content === 'string' ? [{ name: file.slice(0, 60), text: content }] : [],
  )
  if (given.length > 0) keep(name, filesOf(given.slice(0, 50)))
}

function showView(session: Session, text: string): void {
  const { stage } = plainOf(plainOf(text)['view'])
  const view = stageViews.find((one) => one === stage)
  if (view) session.setView(view)
}

/** An object to read from, whatever somebody sent. */
function plainOf(value: unknown): Readonly<Record<string, unknown>> {
  try {
    const data: unknown = typeof value === 'string' ? JSON.parse(value) : value
    return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

async function keepNow(session: Session): Promise<void> {
  if (!place || session.crash) return
  const at = place
  const name = nameOf(at)
  const text = await session.door.share()
  // What another tab has gone on with is that tab's to keep.
  if (place !== at || text === keptText || !tabs.has(name)) return
  keptText = text
  if (session.lesson) recordProgress(session.lesson, Date.now())
  if (at.kind === 'link') keepLink(name, { payload: at.payload, scene: text })
  else keep(name, text)
}

/** A browser has room for so many scenes of somebody else: who comes back finds the latest. */
const linksMost = 4

function keepLink(name: string, link: KeptLink): void {
  const names = [name, ...readKept<readonly string[]>('links', []).filter((one) => one !== name)]
  for (const oldest of names.slice(linksMost)) keep(oldest, undefined)
  keep('links', names.slice(0, linksMost))
  keep(name, link)
}

const ownName = 'scene'
const lessonName = (id: string): string => `lesson.${id}`
const linkName = (payload: string): string => `link.${digest(payload)}`

/** The name a place's scene is kept under. */
function nameOf(at: Place): string {
  if (at.kind === 'own') return ownName
  return at.kind === 'lesson' ? lessonName(at.id) : linkName(at.payload)
}
