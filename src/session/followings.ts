import type { Cluster } from '#engine'
import type { Follow } from '#kubectl'
import type { Typed } from './keyboard.ts'

/** A command that was started: done at once, or followed while time goes on. */
export interface Running {
  readonly isDone: () => boolean
  readonly code: () => number
  /** Ctrl-C */
  readonly stop: () => void
  /** it reads what is typed; `raw`: Ctrl-C, too */
  readonly reads: () => false | 'lines' | 'raw'
  /** Types for it; `isEnd`: Ctrl-D. */
  readonly type: (text: string, isEnd?: boolean) => void
}

/** What is done already, with its exit code. */
export const ended = (code: number): Running => ({
  isDone: () => true,
  code: () => code,
  stop: () => {},
  reads: () => false,
  type: () => {},
})

/** What a command that goes on came from. */
export interface Origin {
  /** its place among the run's inputs */
  readonly input: number
  /** the trace record of its start: what it does later is due to that */
  readonly cause: number
  /** it changes the cluster as time goes on, and not only when it starts */
  readonly isActing: boolean
}

interface Following extends Origin {
  readonly follow: Follow
  readonly typed: Typed | undefined
  readonly finish: (code: number) => void
  dueAt: number
}

/** Who must know of what somebody did to a command that goes on. */
export interface Told {
  readonly stopped: () => void
  readonly typed: (text: string, isEnd: boolean) => void
}

/** The commands that go on while time does: `get -w`, `wait`, `drain`. */
export interface Followings {
  /** Goes on with a command; `told` hears what was typed for it, and Ctrl-C. */
  readonly add: (follow: Follow, origin: Origin, typed: Typed | undefined, told: Told) => Running
  /** virtual ms at which the first of them wants to be asked again; Infinity: none */
  readonly dueAt: () => number
  /** Asks every command that is due whether it is done; in the order they were started. */
  readonly serve: () => void
  /** one of them changes the cluster as time goes on */
  readonly areActing: () => boolean
  /** Stops the one that was started by this input, if it still runs. */
  readonly interrupt: (input: number) => void
  /** Types for the one that was started by this input, if it still runs. */
  readonly type: (input: number, text: string, isEnd: boolean) => void
  /** Lets all of them end where their cluster is left behind: as if by Ctrl-C. */
  readonly abandon: () => void
}

const interruptedCode = 130

/** @param clusterNow the cluster of the run, which is another object after a rewind */
export function createFollowings(clusterNow: () => Cluster): Followings {
  let followings: Following[] = []
  const now = (): number => clusterNow().control.now()

  function finish(following: Following, code: number): void {
    followings = followings.filter((other) => other !== following)
    following.finish(code)
  }

  function poll(following: Following): void {
    const code = clusterNow().control.resume(following.cause, following.follow.poll)
    if (code === undefined) following.dueAt = now() + following.follow.pollMs
    else finish(following, code)
  }

  function type(following: Following, text: string, isEnd: boolean): void {
    following.typed?.add(text, isEnd)
    poll(following)
  }

  function stop(following: Following): void {
    finish(following, clusterNow().control.resume(following.cause, following.follow.stop))
  }

  return {
    add(follow, origin, typed, told) {
      let code: number | undefined
      const dueAt = now() + follow.pollMs
      const following = { ...origin, follow, typed, finish: (last: number) => (code = last), dueAt }
      followings.push(following)
      return {
        isDone: () => code !== undefined,
        code: () => code ?? 0,
        stop: () => {
          if (code !== undefined) return
          stop(following)
          told.stopped()
        },
        reads: () => code === undefined && (typed?.reads() ?? false),
        type(text, isEnd = false) {
          if (code !== undefined || typed === undefined) return
          type(following, text, isEnd)
          told.typed(text, isEnd)
        },
      }
    },
    dueAt: () => Math.min(...followings.map(({ dueAt }) => dueAt)),
    serve() {
      for (const following of [...followings]) {
        if (following.dueAt > now()) continue
        poll(following)
      }
    },
    areActing: () => followings.some(({ isActing }) => isActing),
    interrupt(input) {
      const following = followings.find((one) => one.input === input)
      if (following !== undefined) stop(following)
    },
    type(input, text, isEnd) {
      const following = followings.find((one) => one.input === input)
      if (following !== undefined) type(following, text, isEnd)
    },
    abandon() {
      for (const following of followings.splice(0)) following.finish(interruptedCode)
    },
  }
}
