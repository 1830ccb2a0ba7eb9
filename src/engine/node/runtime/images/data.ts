import { defineImage, megabytes } from './defineImage.ts'

function versionOf(tag: string, fallback: string): string {
  return /^\d[\d.]*/.exec(tag)?.[0] ?? fallback
}

const redisParts = {
  base: 'debian',
  alpineTags: /alpine/,
  wrapper: { path: '/usr/local/bin/docker-entrypoint.sh', server: 'redis-server' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['redis-server'],
  programs: { '/usr/local/bin/redis-server': 'redis-server', '/usr/local/bin/redis-cli': 'redis-cli' },
  environment: (tag: string) => ({ REDIS_VERSION: versionOf(tag, '8.2.1') }),
  ports: [6379],
  workingDir: '/data',
  files: { '/data/.keep': '' },
} as const

/** Redis. */
export const redis = defineImage({
  names: ['docker.io/library/redis'],
  tags: /^(latest|[2-8]|[2-8]\.\d{1,2}(\.\d{1,2})?|alpine|bookworm|trixie)(-(alpine|bookworm|bullseye|trixie|alpine3\.\d\d|nanoserver))*$/,
  sizeBytes: (tag) => (tag.includes('alpine') ? 17_400_000 : 52_500_000),
  ...redisParts,
})

/** Redis of the guestbook example. */
export const redisSamples = defineImage({
  names: [
    'registry.k8s.io/redis',
    'us-docker.pkg.dev/google-samples/containers/gke/gb-redis-follower',
    'gcr.io/google_samples/gb-redis-follower',
    'gcr.io/google-samples/gb-redisslave',
    'registry.k8s.io/e2e-test-images/redis',
  ],
  tags: /./,
  sizeBytes: megabytes(105),
  ...redisParts,
})

/** MySQL and MariaDB. */
export const mysql = defineImage({
  names: ['docker.io/library/mysql', 'docker.io/library/mariadb', 'docker.io/library/percona'],
  tags: /^(latest|lts|innovation|[589]|1[012]|\d{1,2}\.\d{1,2}(\.\d{1,2})?)(-(oracle|debian|oraclelinux9|noble|ubi))*$/,
  sizeBytes: megabytes(170),
  base: 'debian',
  wrapper: { path: '/usr/local/bin/docker-entrypoint.sh', server: 'mysqld' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['mysqld'],
  programs: {
    '/usr/sbin/mysqld': 'mysqld',
    '/usr/sbin/mariadbd': 'mysqld',
    '/usr/bin/mysql': 'mysql',
    '/usr/bin/mysqladmin': 'mysqladmin',
    '/usr/bin/mariadb': 'mysql',
  },
  files: { '/var/lib/mysql/.keep': '' },
  ports: [3306],
})

/** PostgreSQL. */
export const postgres = defineImage({
  names: ['docker.io/library/postgres'],
  tags: /^(latest|9|9\.[0-6](\.\d{1,2})?|1[0-8](\.\d{1,2})?|alpine|bookworm|trixie)(-(alpine|bookworm|trixie|bullseye|alpine3\.\d\d))*$/,
  sizeBytes: (tag) => (tag.includes('alpine') ? 107_000_000 : 154_000_000),
  base: 'debian',
  alpineTags: /alpine/,
  wrapper: { path: '/usr/local/bin/docker-entrypoint.sh', server: 'postgres' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['postgres'],
  programs: {
    '/usr/local/bin/postgres': 'postgres',
    '/usr/local/bin/psql': 'psql',
    '/usr/local/bin/pg_isready': 'pg_isready',
  },
  files: { '/var/lib/postgresql/.keep': '' },
  ports: [5432],
  stopSignal: 'INT',
})

/** MongoDB. */
export const mongo = defineImage({
  names: ['docker.io/library/mongo'],
  tags: /^(latest|[3-8](\.\d(\.\d{1,2})?)?|noble|jammy)(-(noble|jammy|focal|bionic|xenial))*$/,
  sizeBytes: megabytes(280),
  base: 'debian',
  wrapper: { path: '/usr/local/bin/docker-entrypoint.sh', server: 'mongod' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['mongod'],
  programs: { '/usr/bin/mongod': 'mongod', '/usr/bin/mongosh': 'mongosh', '/usr/bin/mongo': 'mongo' },
  ports: [27_017],
})

/** memcached. */
export const memcached = defineImage({
  names: ['docker.io/library/memcached'],
  tags: /^(latest|1|1\.[456](\.\d{1,2})?|alpine)(-(alpine|bookworm|trixie))*$/,
  sizeBytes: megabytes(31),
  base: 'debian',
  wrapper: { path: '/usr/local/bin/docker-entrypoint.sh', server: 'memcached' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['memcached'],
  programs: { '/usr/local/bin/memcached': 'memcached' },
  user: '11211',
  ports: [11_211],
})

/** RabbitMQ. */
export const rabbitmq = defineImage({
  names: ['docker.io/library/rabbitmq'],
  tags: /^(latest|management|[34](\.\d{1,2}){0,2}|alpine)(-(management|alpine|management-alpine))*$/,
  sizeBytes: megabytes(105),
  base: 'debian',
  wrapper: { path: '/usr/local/bin/docker-entrypoint.sh', server: 'rabbitmq-server' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['rabbitmq-server'],
  programs: {
    '/opt/rabbitmq/sbin/rabbitmq-server': 'rabbitmq-server',
    '/usr/local/bin/rabbitmq-server': 'rabbitmq-server',
  },
  ports: [5672],
})

/** etcd. */
export const etcd = defineImage({
  names: ['registry.k8s.io/etcd', 'quay.io/coreos/etcd', 'gcr.io/etcd-development/etcd'],
  tags: /./,
  sizeBytes: megabytes(98),
  base: 'none',
  cmd: ['/usr/local/bin/etcd'],
  programs: { '/usr/local/bin/etcd': 'etcd' },
  ports: [2379, 2380],
})

/** Elasticsearch, Jenkins, Tomcat and other Java programs: large, slow to start. */
export const javaServers = defineImage({
  names: [
    'docker.io/jenkins/jenkins',
    'docker.io/library/tomcat',
    'docker.io/library/elasticsearch',
    'docker.io/library/cassandra',
    'docker.io/library/zookeeper',
    'docker.io/library/sonarqube',
    'docker.io/bitnami/kafka',
    'docker.io/apache/kafka',
    'docker.elastic.co/elasticsearch/elasticsearch',
    'docker.elastic.co/kibana/kibana',
  ],
  tags: /^(latest|lts|jdk\d+|\d[\w.-]*|lts-jdk\d+|alpine)$/,
  sizeBytes: megabytes(290),
  base: 'debian',
  entrypoint: ['/opt/java/bin/java', '-jar', '/app.jar'],
  programs: { '/opt/java/bin/java': 'java' },
  isOpen: true,
})
