import type { ContainerEvent } from './containerMachine.ts'
import type { Kubelet, Letter } from './context.ts'
import type { PodEvent } from './podMachine.ts'
import type { ProbeEvent } from './probeMachine.ts'
import type { PullEvent } from './pullMachine.ts'
import type { ProbeState, Worker } from './state.ts'

// How the parts of a kubelet tell its charts what happened: nothing is told before the chart that caused it rests.

/** Tells a pod's chart. */
export function tellPod(kubelet: Kubelet, worker: Worker, event: PodEvent): void {
  put({ kubelet, to: 'pod', worker, event, next: undefined })
}

/** Tells the chart of a pod's container. */
export function tellContainer(kubelet: Kubelet, worker: Worker, name: string, event: ContainerEvent): void {
  put({ kubelet, to: 'container', worker, name, event, next: undefined })
}

/** Tells a probe's chart. */
export function tellProbe(kubelet: Kubelet, worker: Worker, probe: ProbeState, event: ProbeEvent): void {
  put({ kubelet, to: 'probe', worker, probe, event, next: undefined })
}

/** Tells the chart of the node's pulls. */
export function tellPulls(kubelet: Kubelet, event: PullEvent): void {
  put({ kubelet, to: 'pulls', event, next: undefined })
}

/** Something became free: resizes that wait are tried again. */
export function resizeLater(kubelet: Kubelet): void {
  put({ kubelet, to: 'resizes', next: undefined })
}

function put(letter: Letter): void {
  const { mail } = letter.kubelet
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
    }
  } finally {
    mail.isDelivering = false
  }
}
