export interface Config {
  datasetMigrations?: {
    engines?: {
      /** Datasets of Parquet, CSV or NDJSON files, worked on by DuckDB. */
      duckdb?: {
        /**
         * Folders that datasets may lie in. A contract names one of them as its
         * `server` and gives a path relative to it; nothing outside is reachable.
         */
        roots: Array<{
          /** What contracts call it in `servers[].server`. */
          name: string;
          /** Absolute path of the folder, the same on every worker. */
          path: string;
          /**
           * Who may use which part of it. The longest prefix that holds a path
           * decides alone; a path that no prefix holds belongs to nobody.
           */
          bindings: Array<{
            /** Folder or file below the root, with `/`; `.` is the whole root. */
            prefix: string;
            /** Entity refs of datasets that may use it. */
            entities?: string[];
            /** Entity refs of owners whose datasets may use it. */
            owners?: string[];
          }>;
        }>;
        /**
         * What DuckDB may allocate in one process, as it writes sizes (`256MB`,
         * `2GB`). Default 256MB; what does not fit is spilled to disk.
         */
        memoryLimit?: string;
        /** Threads of one DuckDB process, and chunks that it works on at a time. Default 2. */
        threads?: number;
        /** DuckDB processes that one worker runs at a time. Default 2. */
        processes?: number;
        /** Rows of one chunk of a Parquet file, about. Default 1000000, eight row groups of DuckDB. */
        chunkRows?: number;
        /**
         * Bits of the hash of each row in a verification: 64 by default, or 128,
         * which takes longer, above all for texts.
         */
        checksumBits?: 64 | 128;
        /**
         * Where DuckDB spills what does not fit into memory. Made where it is
         * missing, readable for nobody else; it must belong to the user that the
         * worker runs as and be no link. Default: `skein-duckdb-<uid>` in the
         * system's temporary directory.
         */
        tempDirectory?: string;
      };
    };
  };
}
