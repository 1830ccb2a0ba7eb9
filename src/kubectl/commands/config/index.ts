import { defineCommand } from '../../defineCommand.ts'
import {
  deleteCluster,
  deleteContext,
  deleteUser,
  renameContext,
  setCluster,
  setContext,
  setCredentials,
  setProperty,
  unsetProperty,
  useContext,
} from './change.ts'
import { configView, currentContext, getClusters, getContexts, getUsers } from './view.ts'

/** Modify kubeconfig files. */
export const config = defineCommand({
  name: 'config',
  usage: 'config SUBCOMMAND [options]',
  summary: 'Modify kubeconfig files',
  subcommands: [
    currentContext,
    deleteCluster,
    deleteContext,
    deleteUser,
    getClusters,
    getContexts,
    getUsers,
    renameContext,
    setProperty,
    setCluster,
    setContext,
    setCredentials,
    unsetProperty,
    useContext,
    configView,
  ],
})
