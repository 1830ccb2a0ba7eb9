import { defineCommand } from '../../defineCommand.ts'
import { setEnv } from './env.ts'
import { setImage } from './image.ts'
import { setSelector, setServiceAccount } from './others.ts'
import { setResources } from './resources.ts'
import { setSubject } from './subject.ts'

/** Set specific features on objects. */
export const set = defineCommand({
  name: 'set',
  usage: 'set SUBCOMMAND [options]',
  summary: 'Set specific features on objects',
  subcommands: [setEnv, setImage, setResources, setSelector, setServiceAccount, setSubject],
})
