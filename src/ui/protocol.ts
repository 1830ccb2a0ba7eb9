/** What the worker (engine, kubectl, lessons) and the page say to each other. Plain data both ways. */
export type { ActiveFault, Fault } from '#engine'
export type * from './protocol/controlPlane.ts'
export type * from './protocol/door.ts'
export type * from './protocol/frame.ts'
export type * from './protocol/inspection.ts'
export type * from './protocol/lesson.ts'
export type * from './protocol/rows.ts'
