export interface Config {
  datasetMigrations?: {
    engines?: {
      /** The engine for PostgreSQL tables. */
      postgres?: {
        /**
         * The databases whose tables may be migrated, and who may use what in
         * them. Contracts name a connection; they never supply a host.
         */
        connections?: Array<{
          /**
           * The name that contracts use as `servers[].server`, e.g. `warehouse`.
           */
          name: string;
          /**
           * A connection string, or its parts as the `pg` driver takes them.
           * @deepVisibility secret
           */
          connection:
            | string
            | {
                host?: string;
                port?: number;
                user?: string;
                password?: string;
                database?: string;
                ssl?:
                  | boolean
                  | {
                      ca?: string;
                      cert?: string;
                      key?: string;
                      rejectUnauthorized?: boolean;
                    };
              };
          /**
           * Connections that one process opens to this database at most.
           * Chunks are copied on `lanes` of them; one is kept free of work, to
           * cancel statements. Default 5, at least 3.
           */
          maxConnections?: number;
          /**
           * Seconds that making a connection may take. Default 10. Waiting for
           * one that is in use is not part of it.
           */
          connectTimeoutSeconds?: number;
          /**
           * Whether the server keeps statements that come again, so that it need
           * not plan them anew. Default true. Say false behind a pooler that
           * lends its connections by transaction and does not keep prepared
           * statements, as PgBouncer does with `max_prepared_statements` only.
           */
          preparedStatements?: boolean;
          /**
           * Connections that copy chunks of one table side by side. Default 2,
           * or 1 when there are three connections; two less than
           * `maxConnections` at most.
           */
          lanes?: number;
          /**
           * What the database may take up on disk, in bytes. A migration is
           * refused when the database with the copy would be larger, as SQL
           * cannot see how much room the disk has. No limit by default.
           */
          maxDatabaseBytes?: number;
          /**
           * When copying waits for the server. Looked at before every chunk;
           * the page of the migration says why it waits. Lag and sessions of
           * other roles are shown to members of `pg_monitor` only.
           */
          throttle?: {
            /** A standby is more seconds behind than this. Default 10. */
            replicationLagSeconds?: number;
            /** More sessions than this wait for a lock of the table. Default 3. */
            lockWaiters?: number;
            /**
             * More sessions than this run a statement on the server, those of
             * migrations among them. No limit by default.
             */
            activeSessions?: number;
          };
          /** Which tables which datasets may use; nothing else is reachable. */
          bindings: Array<{
            /** A schema of the database, e.g. `public`. */
            schema: string;
            /** Tables of it, `*` for any run of characters; all by default. */
            tables?: string[];
            /** Entity refs of datasets that may use them; `*` as above. */
            entities?: string[];
            /** Entity refs of owners whose datasets may use them; `*` as above. */
            owners?: string[];
          }>;
        }>;
        /**
         * Rows that one connection copies in its first transaction. Default
         * 100000. Later chunks have a size that takes `chunkSeconds`, and ten
         * times these rows at most.
         */
        chunkRows?: number;
        /** Seconds that copying one chunk is to take. Default 1. */
        chunkSeconds?: number;
        /**
         * Bits of the hash of each row in a verification: 64 by default, or 128,
         * which takes about a quarter longer.
         */
        checksumBits?: 64 | 128;
        /** Rows that an imperative agent is given at once. Default 5000. */
        agentBatchRows?: number;
        /**
         * Seconds that a switch waits for transactions that read by an older
         * snapshot (`REPEATABLE READ`, `SERIALIZABLE`, an open cursor), in which
         * the rows of the new version are not there yet. Default 300. Then the
         * migration fails, naming one of them. With 0 it does not wait: such a
         * transaction may find the table empty. Sessions of other roles are
         * shown to members of `pg_monitor` only.
         */
        oldSnapshotSeconds?: number;
        /**
         * Seconds that one statement of a preview may take, and of what is read
         * for a plan or a dataset's page. Default 30. Then it is cancelled, and
         * the error says so.
         */
        previewTimeoutSeconds?: number;
        /**
         * Seconds that one statement of a preflight may take, which scans the
         * table. Default 3600. Then the preflight fails and says so.
         */
        preflightTimeoutSeconds?: number;
      };
    };
  };
}
