import type { ContainerEvent } from './containerMachine.ts'
import type { Kubelet, Letter } from './context.ts'
import type { PodEvent } from './podMachine.ts'
import type { ProbeEvent } from './probeMachine.ts'
import type { PullEvent } from './pullMachine.ts'
import type { ProbeState, Worker } from './state.ts'

// How the parts of a kubelet tell its charts what happened: nothing is told before the chart that caused it rests.

/** Tells a pod's chart. */
export function tellPod(kubelet: Kubelet, worker: Worker, event: PodEvent): void {
  put(kubelet, 'pod', event, worker)
}

/** Tells the chart of a pod's container. */
export function tellContainer(kubelet: Kubelet, worker: Worker, name: string, event: ContainerEvent): void {
  put(kubelet, 'container', event, worker, name)
}

/** Tells a probe's chart. */
export function tellProbe(kubelet: Kubelet, worker: Worker, probe: ProbeState, event: ProbeEvent): void {
  put(kubelet, 'probe', event, worker, probe.container, probe)
}

/** Tells the chart of the node's pulls. */
export function tellPulls(kubelet: Kubelet, event: PullEvent): void {
  put(kubelet, 'pulls', event)
}

/** Something became free: resizes that wait are tried again. */
export function resizeLater(kubelet: Kubelet): void {
  put(kubelet, 'resizes')
}

function put(
  kubelet: Kubelet,
  to: Letter['to'],
  event?: Letter['event'],
  worker?: Worker,
  name = '',
  probe?: ProbeState,
): void {
  const { mail } = kubelet
  let letter = mail.blank
  if (letter === undefined) letter = { kubelet, to, worker, name, probe, event, next: undefined }
  else {
    mail.blank = letter.next
    letter.to = to
    letter.worker = worker
    letter.name = name
    letter.probe = probe
    letter.event = event
    letter.next = undefined
  }
  if (mail.last === undefined) mail.first = letter
  else mail.last.next = letter
  mail.last = letter
}

/** Delivers all that waits, and whatever is told meanwhile; while it does, another call leaves it to the first. */
export function deliverAll({ mail }: Kubelet, deliver: (letter: Letter) => void): void {
  if (mail.isDelivering) return
  mail.isDelivering = true
  try {
    for (let letter = mail.first; letter !== undefined; letter = mail.first) {
      mail.first = letter.next
      if (mail.first === undefined) mail.last = undefined
      deliver(letter)
      letter.worker = undefined
      letter.next = mail.blank
      mail.blank = letter
    }
  } finally {
    mail.isDelivering = false
  }
}
