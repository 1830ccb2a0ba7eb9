import { demand, fieldsOf, flag, isRecord, listOf, mapOf, oneOf, text, whole, type Check } from './checks.ts'

const name = text(253)
const int32 = whole(-(2 ** 31), 2 ** 31 - 1)

const pluginSet = fieldsOf({
  enabled: listOf(fieldsOf({ name, weight: int32 }, ['name']), 50),
  disabled: listOf(fieldsOf({ name }, ['name']), 50),
})

const resources = listOf(fieldsOf({ name, weight: int32 }, ['name']), 50)

const scoringStrategy = fieldsOf({
  type: name,
  resources,
  requestedToCapacityRatio: fieldsOf({
    shape: listOf(fieldsOf({ utilization: int32, score: int32 }, ['utilization', 'score']), 50),
  }),
})

const constraint = fieldsOf({
  topologyKey: text(317),
  maxSkew: int32,
  whenUnsatisfiable: name,
  minDomains: int32,
  nodeAffinityPolicy: name,
  nodeTaintsPolicy: name,
  labelSelector: (value, path) => demand(isRecord(value), path, 'must have fields'),
})

const expressions = listOf(
  fieldsOf(
    {
      key: text(317),
      operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
      values: listOf(text(253), 50),
    },
    ['key', 'operator'],
  ),
  50,
)
const nodeTerm = fieldsOf({ matchExpressions: expressions, matchFields: expressions })

const addedAffinity = fieldsOf({
  requiredDuringSchedulingIgnoredDuringExecution: fieldsOf({ nodeSelectorTerms: listOf(nodeTerm, 50) }, [
    'nodeSelectorTerms',
  ]),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(
    fieldsOf({ weight: int32, preference: nodeTerm }, ['weight', 'preference']),
    50,
  ),
})

const args = fieldsOf({
  apiVersion: name,
  kind: name,
  minCandidateNodesPercentage: int32,
  minCandidateNodesAbsolute: int32,
  hardPodAffinityWeight: int32,
  ignorePreferredTermsOfExistingPods: flag,
  addedAffinity,
  ignoredResources: listOf(name, 50),
  ignoredResourceGroups: listOf(name, 50),
  scoringStrategy,
  resources,
  defaultConstraints: listOf(constraint, 20),
  defaultingType: name,
  bindTimeoutSeconds: whole(-(2 ** 53), 2 ** 53),
})

const profile = fieldsOf({
  schedulerName: name,
  percentageOfNodesToScore: int32,
  plugins: mapOf(name, pluginSet, 30),
  pluginConfig: listOf(fieldsOf({ name, args }, ['name']), 50),
})

/** A KubeSchedulerConfiguration: its fields and their types. What its values mean together is the scheduler's to judge. */
export const scheduler: Check = fieldsOf({
  apiVersion: oneOf('kubescheduler.config.k8s.io/v1'),
  kind: oneOf('KubeSchedulerConfiguration'),
  parallelism: int32,
  percentageOfNodesToScore: int32,
  podInitialBackoffSeconds: whole(-(2 ** 53), 86_400),
  podMaxBackoffSeconds: whole(-(2 ** 53), 86_400),
  profiles: listOf(profile, 10),
})
