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
           * A chunk is copied on two. Default 4, at least 2.
           */
          maxConnections?: number;
          /**
           * Seconds that making a connection may take. Default 10. Waiting for
           * one that is in use is not part of it.
           */
          connectTimeoutSeconds?: number;
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
        /** Rows that one connection copies in one transaction. Default 100000. */
        chunkRows?: number;
        /** Rows that an imperative agent is given at once. Default 5000. */
        agentBatchRows?: number;
      };
    };
  };
}
