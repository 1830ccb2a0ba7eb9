import type { PodRow, Selection } from '../../protocol.ts'

/** Something to do with what is selected: a kubectl command, typed where people see it. */
export interface Action {
  readonly id: string
  readonly title: string
  readonly icon: string
  readonly command: string
  /** asks before it is run, because it takes something away */
  readonly isGrave?: boolean
}

const scalable = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']
const restartable = ['Deployment', 'StatefulSet', 'DaemonSet']

/** The actions that fit an object, the common ones first. */
export function actionsOf(
  selection: Selection,
  known: { readonly pod?: PodRow; readonly isCordoned?: boolean; readonly replicas?: number } = {},
): readonly Action[] {
  if (selection.kind === 'Pod') return [...podActions(selection, known.pod), describe(selection), remove(selection)]
  if (selection.kind === 'Node') return nodeActions(selection, known.isCordoned ?? false)
  const more: Action[] = []
  if (scalable.includes(selection.kind)) more.push(...scaling(selection, known.replicas))
  if (restartable.includes(selection.kind)) more.push(rollout('restart', selection), rollout('status', selection))
  if (selection.kind === 'Deployment') more.push(rollout('undo', selection))
  if (selection.kind === 'Service') more.push(plain('endpoints', 'Endpoints', 'net', endpointsOf(selection)))
  return [...more, describe(selection), remove(selection)]
}

/** `-n` where the namespace is not the one that kubectl takes by itself. */
export function placeOf({ namespace }: Selection): string {
  return namespace === '' || namespace === 'default' ? '' : ` -n ${namespace}`
}

function podActions(selection: Selection, pod: PodRow | undefined): Action[] {
  const target = `${selection.name}${placeOf(selection)}`
  const apps = pod?.containers.filter(({ role }) => role !== 'init') ?? []
  const container = apps.length > 1 ? ` -c ${apps[0]?.name}` : ''
  const before = pod && pod.restarts > 0
  return [
    plain('logs', 'Logs', 'list', `kubectl logs ${target}${container}`),
    plain('follow', 'Follow logs', 'list', `kubectl logs -f ${target}${container}`),
    ...(before ? [plain('previous', 'Logs before', 'restart', `kubectl logs ${target}${container} --previous`)] : []),
  ]
}

function nodeActions(selection: Selection, isCordoned: boolean): readonly Action[] {
  const { name } = selection
  return [
    isCordoned
      ? plain('uncordon', 'Uncordon', 'check', `kubectl uncordon ${name}`)
      : plain('cordon', 'Cordon', 'minus', `kubectl cordon ${name}`),
    {
      ...plain('drain', 'Drain', 'drain', `kubectl drain ${name} --ignore-daemonsets --delete-emptydir-data`),
      isGrave: true,
    },
    plain('pods', 'Its Pods', 'table', `kubectl get pods -A --field-selector spec.nodeName=${name} -o wide`),
    describe(selection),
  ]
}

function scaling(selection: Selection, replicas: number | undefined): Action[] {
  if (replicas === undefined) return []
  const scale = (id: string, title: string, icon: string, to: number) =>
    plain(id, title, icon, `kubectl scale ${typeOf(selection)}/${selection.name}${placeOf(selection)} --replicas=${to}`)
  const more = scale('more', 'One more', 'plus', replicas + 1)
  return replicas > 0 ? [more, scale('less', 'One less', 'minus', replicas - 1)] : [more]
}

function rollout(verb: 'restart' | 'status' | 'undo', selection: Selection): Action {
  const titles = { restart: 'Restart', status: 'Rollout status', undo: 'Undo rollout' }
  const icons = { restart: 'restart', status: 'eye', undo: 'prev' }
  const command = `kubectl rollout ${verb} ${typeOf(selection)}/${selection.name}${placeOf(selection)}`
  return {
    ...plain(`rollout-${verb}`, titles[verb], icons[verb], command),
    ...(verb === 'undo' ? { isGrave: true } : {}),
  }
}

function endpointsOf(selection: Selection): string {
  return `kubectl get endpointslices -l kubernetes.io/service-name=${selection.name}${placeOf(selection)}`
}

function describe(selection: Selection): Action {
  return plain(
    'describe',
    'Describe',
    'eye',
    `kubectl describe ${typeOf(selection)} ${selection.name}${placeOf(selection)}`,
  )
}

function remove(selection: Selection): Action {
  const command = `kubectl delete ${typeOf(selection)} ${selection.name}${placeOf(selection)}`
  return { ...plain('delete', 'Delete', 'kill', command), isGrave: true }
}

function plain(id: string, title: string, icon: string, command: string): Action {
  return { id, title, icon, command }
}

/** What kubectl calls a kind on its command line. */
function typeOf({ kind }: Selection): string {
  return kind.toLowerCase()
}
