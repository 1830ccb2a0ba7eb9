/** What etcd refuses, in its own words. */
export class EtcdError extends Error {
  override name = 'EtcdError'
}

/** upstream: api/v3rpc/rpctypes/error.go */
export const etcdErrors = Object.freeze({
  emptyKey: 'etcdserver: key is not provided',
  tooManyOps: 'etcdserver: too many operations in txn request',
  duplicateKey: 'etcdserver: duplicate key given in txn request',
  tooLarge: 'etcdserver: request is too large',
  noSpace: 'etcdserver: mvcc: database space exceeded',
  leaseNotFound: 'etcdserver: requested lease not found',
  leaseTtlTooLarge: 'etcdserver: too large lease TTL',
  compacted: 'etcdserver: mvcc: required revision has been compacted',
  future: 'etcdserver: mvcc: required revision is a future revision',
})
