import type { Layout, DockTab, Preset } from '../../layout.svelte.ts'
import type { LessonCard, PodRow, Selection } from '../../protocol.ts'
import { speeds } from '../../session.svelte.ts'
import type { Density, Session, StageView } from '../../session.svelte.ts'
import { speedLabel } from '../../format.ts'
import { theme } from '../../theme.svelte.ts'
import { clusterChoices, nodeChoices, podChoices } from '../menus/faults.ts'
import type { Choice } from '../menus/faults.ts'
import type { Findable } from './found.ts'
import { dockSpot, guideSpot, land, stageSpot } from './landing.ts'

/** Something to find, and what choosing it does. */
export interface Action extends Findable {
  readonly act: () => void
}

const views: Record<StageView, string> = {
  nodes: 'Nodes',
  controlPlane: 'Control plane',
  traffic: 'Traffic',
  owners: 'Owners',
}
const tabs: Record<DockTab, string> = {
  manifest: 'Manifest',
  objects: 'Objects',
  events: 'Events',
  inspector: 'Inspector',
}
const presets: Record<Preset, string> = { learn: 'Learn', edit: 'Edit', watch: 'Watch' }
const densities: readonly Density[] = ['auto', 'rich', 'compact', 'dots']

/** Everything the page can do that has a name. */
export function commandActions(session: Session, layout: Layout): readonly Action[] {
  const command = (id: string, icon: string, title: string, note: string, act: () => void, words = ''): Action => ({
    id,
    group: 'Commands',
    icon,
    title,
    note,
    words,
    act,
  })
  return [
    command('play', session.isPlaying ? 'pause' : 'play', session.isPlaying ? 'Pause time' : 'Play time', 'Space', () =>
      session.togglePlay(),
    ),
    ...entries(views).map(([view, title]) =>
      command(`view ${view}`, 'eye', `Show ${title}`, 'view', () => {
        session.setView(view)
        layout.showStage()
        land(stageSpot)
      }),
    ),
    ...entries(tabs).map(([tab, title]) =>
      command(`tab ${tab}`, 'table', `Open ${title}`, 'dock', () => {
        layout.showTab(tab)
        land(dockSpot(tab, layout.isPhone))
      }),
    ),
    ...entries(presets).map(([preset, title]) =>
      command(`layout ${preset}`, 'layout', `Layout: ${title}`, 'layout', () => layout.choose(preset)),
    ),
    command('theme light', 'sun', 'Theme: light', 'theme', () => theme.set('light')),
    command('theme dark', 'moon', 'Theme: dark', 'theme', () => theme.set('dark')),
    command('theme system', 'sun', 'Theme: as the system', 'theme', () => theme.set('system')),
    command('share', 'share', 'Share this moment', 'link', () => layout.open('share'), 'copy export download save'),
    command(
      'cluster',
      'wheel',
      'New cluster',
      'own',
      () => layout.open('cluster'),
      'nodes etcd autoscaler begin empty',
    ),
    command('help', 'ask', 'Keyboard map', '?', () => layout.open('help'), 'help shortcuts keys'),
    command('home', 'book', 'All lessons and scenarios', 'page', () => (location.hash = '#/'), 'home catalogue'),
    ...densities.map((density) =>
      command(`density ${density}`, 'eye', `Density: ${density}`, 'view', () => session.setDensity(density)),
    ),
    ...speeds.map((speed) =>
      command(`speed ${speed}`, 'clockI', `Speed: ${speedLabel(speed)}`, 'time', () => session.door.setSpeed(speed)),
    ),
  ]
}

/** Everything that can be broken: the cluster, each node, and the pods given. */
export function faultActions(session: Session, pods: readonly PodRow[]): readonly Action[] {
  return [
    ...clusterChoices(session.faults, session.traffic).map((choice) => faultAction(session, choice, 'cluster')),
    ...session.board.nodes.flatMap(({ row }) =>
      nodeChoices(row).map((choice) => faultAction(session, choice, row.name)),
    ),
    ...pods.flatMap((row) => podChoices(row).map((choice) => faultAction(session, choice, row.name))),
  ]
}

function faultAction(session: Session, { id, title, consequence, fault, command }: Choice, on: string): Action {
  return {
    id: `fault ${on} ${id}`,
    group: 'Commands',
    icon: 'bolt',
    title: on === 'cluster' ? title : `${on}: ${title}`,
    note: 'break',
    words: `fault break ${consequence}`,
    act: () => {
      if (fault) void session.breakIt(fault)
      if (command) session.run(command)
    },
  }
}

/** An object by its kind and key (`namespace/name`, or a name). */
export function objectAction(session: Session, layout: Layout, kind: string, key: string): Action {
  const slash = key.indexOf('/')
  const selection: Selection = { kind, namespace: slash < 0 ? '' : key.slice(0, slash), name: key.slice(slash + 1) }
  const { namespace, name } = selection
  return {
    id: `object ${kind} ${key}`,
    group: 'Objects',
    icon: kind === 'Node' ? 'wheel' : 'file',
    title: `${kind.toLowerCase()}/${name}`,
    note: namespace === 'default' ? '' : namespace,
    words: `${kind} ${namespace}`,
    act: () => {
      session.select(selection)
      layout.showTab('inspector')
      land(dockSpot('inspector', layout.isPhone))
    },
  }
}

/** A lesson of the catalogue. */
export function lessonAction({ id, title, course, minutes, summary }: LessonCard): Action {
  return {
    id: `lesson ${id}`,
    group: 'Lessons',
    icon: 'book',
    title,
    note: `${minutes} min`,
    words: `${course} ${summary} lesson`,
    act: () => {
      location.hash = `#/lesson/${id}`
      land(guideSpot)
    },
  }
}

/** A line that is typed into the terminal. */
export function lineAction(session: Session, layout: Layout, line: string): Action {
  return {
    id: 'line',
    group: 'Run',
    icon: 'termi',
    title: line,
    note: 'run in the terminal',
    act: () => {
      layout.askTerminal()
      session.run(line)
    },
  }
}

function entries<Key extends string, Value>(record: Record<Key, Value>): readonly (readonly [Key, Value])[] {
  return Object.entries(record) as unknown as readonly (readonly [Key, Value])[]
}
