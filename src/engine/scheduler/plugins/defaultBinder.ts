import { definePlugin } from '../framework.ts'

/** Binds by a POST to the pod's binding; the scheduler itself performs it. */
export const defaultBinder = definePlugin({ name: 'DefaultBinder' })
