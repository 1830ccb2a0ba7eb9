type Loose = Readonly<Record<string, any>> // eslint-disable-line @typescript-eslint/no-explicit-any -- objects of any kind are read here

/** What a timeline says of volumes, claims, and of sets that keep revisions. */
export const setCondensers: Readonly<Record<string, (object: Loose) => object>> = {
  PersistentVolume: ({ metadata, spec, status = {} }) => ({
    phase: status.phase,
    claim: spec.claimRef?.name,
    claimUid: spec.claimRef?.uid ? true : undefined,
    class: spec.storageClassName,
    annotations: metadata.annotations,
    message: status.message,
    ...endOf(metadata),
  }),
  PersistentVolumeClaim: ({ metadata, spec, status = {} }) => ({
    phase: status.phase,
    volume: spec.volumeName,
    class: spec.storageClassName,
    capacity: status.capacity?.storage,
    annotations: metadata.annotations,
    owners: ownersOf(metadata),
    ...endOf(metadata),
  }),
  StatefulSet: ({ metadata, spec, status = {} }) => ({
    generation: metadata.generation,
    observed: status.observedGeneration ?? 0,
    spec: spec.replicas,
    replicas: status.replicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
    current: status.currentReplicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    currentRevision: status.currentRevision ?? null,
    updateRevision: status.updateRevision ?? null,
    ...endOf(metadata),
  }),
  DaemonSet: ({ metadata, status = {} }) => ({
    generation: metadata.generation,
    observed: status.observedGeneration ?? 0,
    desired: status.desiredNumberScheduled ?? 0,
    current: status.currentNumberScheduled ?? 0,
    misscheduled: status.numberMisscheduled ?? 0,
    updated: status.updatedNumberScheduled ?? 0,
    ready: status.numberReady ?? 0,
    available: status.numberAvailable ?? 0,
    unavailable: status.numberUnavailable ?? 0,
    ...endOf(metadata),
  }),
  HorizontalPodAutoscaler: ({ status = {} }) => ({
    current: status.currentReplicas ?? 0,
    desired: status.desiredReplicas ?? 0,
    conditions: (status.conditions ?? [])
      .map(({ type, status: is, reason, message }: Loose) => `${type}=${is}(${reason}): ${message}`)
      .sort(),
    metrics: status.currentMetrics ?? undefined,
  }),
  ControllerRevision: ({ metadata, revision }) => ({ revision, owners: ownersOf(metadata), ...endOf(metadata) }),
}

function endOf({ deletionTimestamp, finalizers }: Loose): object {
  return { deleting: deletionTimestamp ? true : undefined, finalizers: finalizers?.length ? finalizers : undefined }
}

function ownersOf({ ownerReferences }: Loose): readonly string[] | undefined {
  return ownerReferences?.length ? ownerReferences.map(({ kind, name }: Loose) => `${kind}/${name}`) : undefined
}
