/**
 * What is known of the official images of databases, queues and search engines: where they keep their data, and how to ask
 * whether they are ready. Data directories were read from the images' Dockerfiles; the checks are common practice.
 */
export interface Datastore {
  /** Repository names, without registry and tag. */
  readonly images: readonly string[];
  /** Where the image keeps its data, in any version. */
  readonly dataDirectories: readonly string[];
  /** `test` of a Compose healthcheck; absent where the image has no program that could answer. */
  readonly healthcheck?: Healthcheck;
  /** The check of earlier major versions. */
  readonly earlierHealthcheck?: Healthcheck & { readonly before: number };
  /** The image has a HEALTHCHECK of its own. */
  readonly hasHealthcheck?: true;
}

export interface Healthcheck {
  readonly test: readonly string[];
  /** How long the first start may take; 30s when left out. */
  readonly startPeriod?: string;
  /** How long one check may take; 5s when left out. */
  readonly timeout?: string;
}

const postgresCheck: Healthcheck = {
  test: ['CMD-SHELL', 'pg_isready -U "$${POSTGRES_USER:-postgres}" -d "$${POSTGRES_DB:-$${POSTGRES_USER:-postgres}}"'],
};
const mysqlCheck: Healthcheck = {
  // Not localhost: during the first start a server without network answers on the socket.
  test: ['CMD-SHELL', 'mysqladmin ping -h 127.0.0.1 -u root -p"$$MYSQL_ROOT_PASSWORD" --silent'],
};

export const datastores: readonly Datastore[] = [
  {
    images: [
      'postgres',
      'postgis/postgis',
      'pgvector/pgvector',
      'timescale/timescaledb',
      'paradedb/paradedb',
      'supabase/postgres',
    ],
    dataDirectories: ['/var/lib/postgresql/data', '/var/lib/postgresql'],
    healthcheck: postgresCheck,
  },
  { images: ['timescale/timescaledb-ha'], dataDirectories: ['/home/postgres/pgdata/data'], healthcheck: postgresCheck },
  {
    images: ['bitnami/postgresql', 'bitnamilegacy/postgresql'],
    dataDirectories: ['/bitnami/postgresql'],
    healthcheck: postgresCheck,
  },
  { images: ['mysql', 'mysql/mysql-server'], dataDirectories: ['/var/lib/mysql'], healthcheck: mysqlCheck },
  { images: ['percona', 'percona/percona-server'], dataDirectories: ['/var/lib/mysql'], healthcheck: mysqlCheck },
  {
    images: ['mariadb'],
    dataDirectories: ['/var/lib/mysql'],
    healthcheck: { test: ['CMD', 'healthcheck.sh', '--connect', '--innodb_initialized'] },
    earlierHealthcheck: { before: 11, ...mysqlCheck },
  },
  { images: ['linuxserver/mariadb'], dataDirectories: ['/config'] },
  { images: ['bitnami/mariadb', 'bitnamilegacy/mariadb'], dataDirectories: ['/bitnami/mariadb'] },
  { images: ['bitnami/mysql', 'bitnamilegacy/mysql'], dataDirectories: ['/bitnami/mysql/data', '/bitnami/mysql'] },
  {
    images: ['mongo', 'mongodb/mongodb-community-server'],
    dataDirectories: ['/data/db'],
    healthcheck: { test: ['CMD-SHELL', `mongosh --quiet --eval "db.adminCommand('ping').ok" | grep -q 1`] },
    earlierHealthcheck: { before: 5, test: ['CMD', 'mongo', '--quiet', '--eval', "db.adminCommand('ping')"] },
  },
  { images: ['bitnami/mongodb', 'bitnamilegacy/mongodb'], dataDirectories: ['/bitnami/mongodb'] },
  {
    images: ['redis', 'redis/redis-stack', 'redis/redis-stack-server'],
    dataDirectories: ['/data'],
    healthcheck: { test: ['CMD', 'redis-cli', 'ping'], startPeriod: '5s' },
  },
  {
    images: ['bitnami/redis', 'bitnamilegacy/redis'],
    dataDirectories: ['/bitnami/redis/data'],
    healthcheck: { test: ['CMD', 'redis-cli', 'ping'], startPeriod: '5s' },
  },
  {
    images: ['valkey/valkey', 'valkey-io/valkey'],
    dataDirectories: ['/data'],
    healthcheck: { test: ['CMD', 'valkey-cli', 'ping'], startPeriod: '5s' },
  },
  {
    images: ['dragonflydb/dragonfly', 'eqalpha/keydb'],
    dataDirectories: ['/data'],
    healthcheck: { test: ['CMD', 'redis-cli', 'ping'], startPeriod: '5s' },
  },
  {
    images: ['rabbitmq'],
    dataDirectories: ['/var/lib/rabbitmq'],
    // Each call starts an Erlang machine.
    healthcheck: { test: ['CMD', 'rabbitmq-diagnostics', '-q', 'ping'], startPeriod: '60s', timeout: '30s' },
  },
  {
    images: ['bitnami/rabbitmq', 'bitnamilegacy/rabbitmq'],
    dataDirectories: ['/bitnami/rabbitmq/mnesia', '/bitnami/rabbitmq'],
    healthcheck: { test: ['CMD', 'rabbitmq-diagnostics', '-q', 'ping'], startPeriod: '60s', timeout: '30s' },
  },
  {
    images: ['apache/kafka'],
    dataDirectories: ['/var/lib/kafka/data'],
    healthcheck: {
      test: [
        'CMD-SHELL',
        '/opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server localhost:9092 >/dev/null 2>&1',
      ],
      timeout: '10s',
    },
  },
  { images: ['apache/kafka-native'], dataDirectories: ['/var/lib/kafka/data'] },
  {
    images: ['confluentinc/cp-kafka', 'confluentinc/cp-server'],
    dataDirectories: ['/var/lib/kafka/data'],
    healthcheck: { test: ['CMD', 'kafka-broker-api-versions', '--bootstrap-server', 'localhost:9092'], timeout: '10s' },
  },
  {
    images: ['bitnami/kafka', 'bitnamilegacy/kafka'],
    dataDirectories: ['/bitnami/kafka'],
    healthcheck: {
      test: ['CMD', 'kafka-broker-api-versions.sh', '--bootstrap-server', 'localhost:9092'],
      timeout: '10s',
    },
  },
  {
    images: ['redpandadata/redpanda', 'vectorized/redpanda'],
    dataDirectories: ['/var/lib/redpanda/data'],
    healthcheck: { test: ['CMD-SHELL', "rpk cluster health | grep -qE 'Healthy:.+true'"] },
  },
  {
    images: ['zookeeper'],
    dataDirectories: ['/data', '/datalog'],
    healthcheck: { test: ['CMD', 'zkServer.sh', 'status'] },
  },
  { images: ['confluentinc/cp-zookeeper'], dataDirectories: ['/var/lib/zookeeper/data', '/var/lib/zookeeper/log'] },
  { images: ['bitnami/zookeeper', 'bitnamilegacy/zookeeper'], dataDirectories: ['/bitnami/zookeeper'] },
  {
    images: ['elasticsearch', 'elasticsearch/elasticsearch', 'bitnami/elasticsearch'],
    dataDirectories: ['/usr/share/elasticsearch/data', '/bitnami/elasticsearch/data'],
    // With `-s` and not `-f`: an answer of 401, because security is on, is an answer.
    healthcheck: {
      test: ['CMD-SHELL', 'curl -s http://localhost:9200 >/dev/null || curl -sk https://localhost:9200 >/dev/null'],
      startPeriod: '60s',
    },
  },
  {
    images: ['opensearchproject/opensearch'],
    dataDirectories: ['/usr/share/opensearch/data'],
    healthcheck: {
      test: ['CMD-SHELL', 'curl -s http://localhost:9200 >/dev/null || curl -sk https://localhost:9200 >/dev/null'],
      startPeriod: '60s',
    },
  },
  {
    images: ['solr'],
    dataDirectories: ['/var/solr'],
    healthcheck: { test: ['CMD-SHELL', 'wget -q -O /dev/null http://localhost:8983/solr/admin/info/system'] },
  },
  {
    images: ['getmeili/meilisearch'],
    dataDirectories: ['/meili_data'],
    healthcheck: { test: ['CMD', 'curl', '-fsS', 'http://localhost:7700/health'], startPeriod: '10s' },
  },
  {
    images: ['typesense/typesense'],
    dataDirectories: ['/data'],
    healthcheck: { test: ['CMD-SHELL', "bash -c 'exec 3<>/dev/tcp/127.0.0.1/8108'"] },
  },
  {
    images: ['cassandra'],
    dataDirectories: ['/var/lib/cassandra'],
    healthcheck: { test: ['CMD-SHELL', "cqlsh -e 'describe cluster'"], startPeriod: '90s', timeout: '15s' },
  },
  {
    images: ['scylladb/scylla'],
    dataDirectories: ['/var/lib/scylla'],
    healthcheck: { test: ['CMD-SHELL', "nodetool status | grep -q '^UN'"], startPeriod: '60s' },
  },
  {
    images: ['couchdb', 'apache/couchdb'],
    dataDirectories: ['/opt/couchdb/data'],
    healthcheck: { test: ['CMD-SHELL', "bash -c 'exec 3<>/dev/tcp/127.0.0.1/5984'"] },
  },
  {
    images: ['couchbase'],
    dataDirectories: ['/opt/couchbase/var'],
    healthcheck: {
      test: ['CMD-SHELL', 'curl -fsS http://localhost:8091/ui/index.html >/dev/null'],
      startPeriod: '60s',
    },
  },
  {
    images: ['influxdb'],
    dataDirectories: ['/var/lib/influxdb2', '/var/lib/influxdb', '/var/lib/influxdb3'],
    healthcheck: { test: ['CMD', 'influx', 'ping'] },
    earlierHealthcheck: { before: 2, test: ['CMD', 'curl', '-fsS', 'http://localhost:8086/ping'] },
  },
  {
    images: ['neo4j'],
    dataDirectories: ['/data'],
    healthcheck: { test: ['CMD-SHELL', 'wget -q --spider http://localhost:7474 || exit 1'] },
  },
  {
    images: ['clickhouse', 'clickhouse/clickhouse-server'],
    dataDirectories: ['/var/lib/clickhouse'],
    healthcheck: { test: ['CMD', 'wget', '--no-verbose', '--tries=1', '--spider', 'http://127.0.0.1:8123/ping'] },
  },
  {
    images: ['minio/minio'],
    dataDirectories: ['/data'],
    healthcheck: { test: ['CMD', 'mc', 'ready', 'local'] },
  },
  {
    images: ['bitnami/etcd', 'bitnamilegacy/etcd'],
    dataDirectories: ['/bitnami/etcd'],
    healthcheck: { test: ['CMD', 'etcdctl', 'endpoint', 'health'], startPeriod: '10s' },
  },
  {
    images: ['etcd-development/etcd', 'coreos/etcd'],
    dataDirectories: ['/var/lib/etcd'],
    healthcheck: { test: ['CMD', 'etcdctl', 'endpoint', 'health'], startPeriod: '10s' },
  },
  {
    images: ['mssql/server', 'azure-sql-edge'],
    dataDirectories: ['/var/opt/mssql', '/var/opt/mssql/data'],
    healthcheck: {
      test: [
        'CMD-SHELL',
        '/opt/mssql-tools18/bin/sqlcmd -C -S localhost -U sa -P "$$MSSQL_SA_PASSWORD" -Q \'SELECT 1\' -b -o /dev/null',
      ],
    },
  },
  {
    images: ['gvenzl/oracle-free', 'gvenzl/oracle-xe'],
    dataDirectories: ['/opt/oracle/oradata'],
    hasHealthcheck: true,
  },
  {
    images: ['database/free', 'database/express', 'database/enterprise'],
    dataDirectories: ['/opt/oracle/oradata'],
    hasHealthcheck: true,
  },
  {
    images: ['cockroachdb/cockroach'],
    dataDirectories: ['/cockroach/cockroach-data'],
    healthcheck: { test: ['CMD', 'curl', '-fsS', 'http://localhost:8080/health?ready=1'] },
  },
  {
    images: ['yugabytedb/yugabyte'],
    dataDirectories: ['/home/yugabyte/yb_data'],
    healthcheck: { test: ['CMD-SHELL', "bin/ysqlsh -h $$(hostname) -c 'SELECT 1'"], startPeriod: '60s' },
  },
  {
    images: ['arangodb'],
    dataDirectories: ['/var/lib/arangodb3'],
    healthcheck: { test: ['CMD-SHELL', 'wget -q --spider http://localhost:8529/_api/version || exit 1'] },
  },
  {
    images: ['rethinkdb'],
    dataDirectories: ['/data'],
    healthcheck: { test: ['CMD-SHELL', "bash -c 'exec 3<>/dev/tcp/127.0.0.1/28015'"] },
  },
  {
    images: ['apachepulsar/pulsar'],
    dataDirectories: ['/pulsar/data'],
    healthcheck: { test: ['CMD', 'bin/pulsar-admin', 'brokers', 'healthcheck'], startPeriod: '90s', timeout: '15s' },
  },
  {
    images: ['qdrant/qdrant'],
    dataDirectories: ['/qdrant/storage'],
    healthcheck: { test: ['CMD-SHELL', "bash -c ':> /dev/tcp/127.0.0.1/6333' || exit 1"], startPeriod: '10s' },
  },
  {
    images: ['semitechnologies/weaviate'],
    dataDirectories: ['/var/lib/weaviate'],
    healthcheck: { test: ['CMD', 'wget', '-q', '--spider', 'http://localhost:8080/v1/.well-known/ready'] },
  },
  {
    images: ['milvusdb/milvus'],
    dataDirectories: ['/var/lib/milvus'],
    healthcheck: { test: ['CMD', 'curl', '-fsS', 'http://localhost:9091/healthz'], startPeriod: '90s' },
  },
];
