import type { Cluster, Fault } from '#engine'

/** Something outside the cluster that takes part in virtual time. */
export interface Attendant {
  readonly wakeAt: () => number | undefined
  readonly wake: () => void
}

/** Hands that play: what a lesson needs of a session. */
export interface Player {
  readonly cluster: () => Cluster
  /** Types a line and waits until it is done; the exit code. */
  readonly run: (line: string) => number
  readonly fault: (fault: Fault) => void
  readonly advanceTo: (at: number) => void
  /** Has something called at each moment that it names, whoever moves time. */
  readonly attend: (attendant: Attendant) => void
}

/** As much of a session as a player uses. */
interface Run extends Omit<Player, 'run'> {
  readonly now: () => number
}

/** As much of a terminal. */
interface Shell {
  readonly run: (line: string, output: { out: (text: string) => void; err: (text: string) => void }) => Command
}

interface Command {
  readonly isDone: () => boolean
  readonly code: () => number
  readonly stop: () => void
}

/** Virtual ms after which a command that does not end is interrupted. */
const commandMs = 10 * 60_000
const askMs = 50

/** A player whose hands are a session and a terminal on it. What is printed goes to `say`. */
export function createPlayer(session: Run, terminal: Shell, say: (text: string) => void = () => {}): Player {
  const { cluster, fault, advanceTo, attend } = session
  return {
    cluster,
    fault,
    advanceTo,
    attend,
    run(line) {
      const command = terminal.run(line, { out: say, err: say })
      const limit = session.now() + commandMs
      while (!command.isDone() && session.now() < limit) advanceTo(session.now() + askMs)
      if (!command.isDone()) command.stop()
      return command.code()
    },
  }
}
