import { HumanDuration } from '@backstage/types';

export interface Config {
  datasetMigrations?: {
    /**
     * What this process does: `api` answers requests and keeps the read model,
     * `worker` runs jobs. Default: both.
     */
    roles?: Array<'api' | 'worker'>;

    /** What one caller may ask of the API of one replica. */
    rateLimit?: {
      /**
       * Requests within a minute that change something or have something
       * computed, such as plans, and actions that change something; what is
       * beyond is refused with 429 and `Retry-After`. Default: 600.
       */
      changesPerMinute?: number;
    };

    /** Agents in any language: programs that migration documents can name. */
    agents?: {
      /**
       * Absolute paths of the folders in which programs are looked for, and of
       * their `PATH`. Default: /usr/local/bin, /usr/bin, /bin.
       */
      path?: string[];
      /**
       * Where batches are exchanged with programs. Made where it is missing,
       * readable for nobody else; it must belong to the user that the worker
       * runs as and be no link. Default: `skein-agents-<uid>` in the system's
       * temporary directory.
       */
      tempDirectory?: string;
      /**
       * One agent each. The same on the portal, which plans and previews, and
       * on every worker. For the same rows and payload a program must always
       * return the same.
       */
      commands?: Array<{
        /** What migration documents call it. */
        id: string;
        /** One sentence for people who write migration documents. */
        description: string;
        /**
         * The program and its arguments: an absolute path, or a name that is
         * looked for in `path`. Nothing else ever gets into it.
         */
        command: string[];
        /** How rows are written: lines of JSON, or Arrow. Default: `ndjson`. */
        format?: 'ndjson' | 'arrow';
        /**
         * JSON Schema of the payload. Properties that it does not describe are
         * refused unless it says otherwise.
         */
        payloadSchema: { [key: string]: unknown };
        /** The fields that the program gets; it sees no other. */
        reads: Array<{
          /** Name of the field. */
          name?: string;
          /** Or the property of the payload that names it, or a list of them. */
          payload?: string;
        }>;
        /** The fields that it returns: those that it changes, and new ones. */
        writes: Array<{
          /** Name of the field. */
          name?: string;
          /** Or the property of the payload that names it, or a list of them. */
          payload?: string;
          /**
           * As contracts write types, `decimal(10,2)`. Needed for a new field;
           * one that is there keeps the type that it has.
           */
          type?: string;
        }>;
        /** How long a batch may take. Default: 1 minute. */
        timeout?: HumanDuration | string;
        /**
         * Memory that the program and what it starts may use together; looked
         * at ten times a second, on Linux. Default: 256MB.
         */
        memoryLimit?: string;
        /** Size of a file that it may write. Default: 64MB. */
        maxOutput?: string;
        /**
         * Whether the end of what a failed program said goes into the worker's
         * log. It may hold values of rows. Default: false.
         */
        logMessages?: boolean;
        /** Who may use it, where not everybody may. */
        allow?: {
          /** Entity refs of datasets. */
          datasets?: string[];
          /** Entity refs of owners. */
          owners?: string[];
        };
      }>;
    };

    /** How datasets and consumers are read from the catalog. */
    catalog?: {
      /**
       * How often all of them are compared with the catalog, on one replica at
       * a time. A migration asks the catalog itself at the moments that decide.
       * Default: 5 minutes.
       */
      reconcileEvery?: HumanDuration | string;
    };

    /** How it is found out which fields consumers read. */
    fieldUse?: {
      /**
       * The sources of consumers that may be read, by their
       * `backstage.io/source-location` and through the integrations that are
       * configured: SQL files, dbt projects, and whether other code names a dataset.
       * Without it none is.
       */
      sources?: Array<{
        /**
         * Scheme, host and path of a git host that an address begins with, in whole
         * path segments.
         */
        urlPrefix: string;
        /** Entity refs of the owners whose consumers may have it. Default: all. */
        owners?: string[];
      }>;
      /**
       * How often, on one replica at a time; a source that did not change is not
       * read again. Default: 1 hour.
       */
      readSourcesEvery?: HumanDuration | string;
      /**
       * How long what a run of a job read and wrote counts, when there is no later run; and what
       * was read of a source that cannot be seen any more. Default: 90 days.
       */
      observedFor?: HumanDuration | string;
      /**
       * Makes a consumer ready for changes of fields that no run of its jobs has read
       * for so long, where the lineage of these jobs was live throughout, and neither a
       * declaration nor SQL names the fields. Set it where all that reads datasets
       * reports its runs. At least 7 days. Default: never.
       */
      silentFor?: HumanDuration | string;
      lineage?: {
        /**
         * The services that may report runs of consumers' jobs. Without it none may;
         * users need the permission `dataset.lineage.report` alone.
         */
        reporters?: Array<{
          /**
           * The subject of a token of `backend.auth.externalAccess`: as it stands there,
           * and behind `external:` of one that a `jwks` entry verifies.
           */
          subject: string;
          /** Entity refs; `component:default/*` for all of a namespace. */
          consumers: string[];
          /** Namespaces of jobs, as OpenLineage has them. */
          namespaces: string[];
        }>;
      };
    };

    /** The queue, in the plugin's own database. */
    queue?: {
      /** Migrations that a worker runs at a time, 0 to 100. Default: 4. */
      slots?: number;
      /** Slots of other tasks, and which of the migrations' an engine may take. */
      concurrency?: {
        /**
         * Preflights that a worker runs at a time, 1 to 100; each scans a whole
         * dataset. Default: 2.
         */
        preflight?: number;
        /**
         * Deliveries of notifications that a worker runs at a time, 1 to 100.
         * They never wait for migrations, and each receiver has at most one of
         * them, so that many may hang before the others notice. Default: 20.
         */
        deliver?: number;
        /**
         * By the id of an engine: of its `slots`, those that migrations of that
         * engine may take at a time. 0: this worker takes no jobs of the
         * engine. Default: all slots.
         */
        engines?: { [engineId: string]: number };
      };
      /**
       * Database schema of the queue's tables. Default:
       * `dataset_migrations_boss`.
       */
      schema?: string;
      /** A job that runs longer is taken for stuck. Default: 1 hour. */
      jobTimeout?: HumanDuration | string;
      /**
       * A worker that gives no sign of life for so long is taken for dead and
       * its jobs are run by others. Default and least: 10 seconds.
       */
      heartbeatTimeout?: HumanDuration | string;
      /**
       * How long a stopping worker waits for its jobs to come to a halt.
       * Default: 20 seconds.
       */
      shutdownTimeout?: HumanDuration | string;
      /**
       * How long PostgreSQL may not answer the queue, or no jobs can be asked
       * for, before the liveness probe of this process turns red. Default: 30
       * seconds; least: 5.
       */
      livenessTimeout?: HumanDuration | string;
    };

    /** Many migrations, started in batches. */
    campaigns?: {
      /** Datasets that one campaign may have. Default: 50000. */
      maxDatasets?: number;
      /**
       * Migrations that all campaigns together may have queued or running.
       * Besides, no more are started than four for each job that the workers
       * alive can run at a time, or a batch of 100. Default: 2000.
       */
      maxInFlight?: number;
      /**
       * How often it is looked at what campaigns can do next: plan, start, stop.
       * From 100 milliseconds to an hour. Default: 1 second.
       */
      lookEvery?: HumanDuration | string;
      /**
       * When campaigns may migrate the datasets, and blocked migrations of them may go
       * on by themselves, of owners whose entities have no
       * `spec.migrationWindows` of their own. Default: at any time.
       */
      windows?: Array<{
        /** Entity refs of owners. */
        owners: string[];
        /** Days on which it opens. Default: all. */
        days?: Array<'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'>;
        /** `HH:MM`, 24 hours. */
        from: string;
        /** `HH:MM`; before or at `from` means on the next day. */
        to: string;
        /** IANA name, such as `Europe/Berlin`. */
        timeZone: string;
      }>;
    };

    /** How changes between versions of contracts are judged. */
    compatibility?: {
      /**
       * Rules that are graded otherwise than docs/compatibility.md has it, by
       * their ids: `enum-value-added: risky`.
       */
      rules?: { [rule: string]: 'breaking' | 'risky' | 'compatible' };
    };

    /** How migrations go. */
    pipeline?: {
      /**
       * How long one job copies before it passes on to its successor. Default:
       * 20 seconds.
       */
      sliceDuration?: HumanDuration | string;
      /**
       * How long after the cut over a migration can be rolled back; the old
       * data is kept that long. Default: 7 days.
       */
      rollbackWindow?: HumanDuration | string;
      /**
       * How long ago the catalog may have been asked for a dataset's consumers when the
       * new version takes the place of the old one, 30 seconds at most. It is asked anew
       * where the migration took longer, or another job goes on with it. `0 seconds`: it is
       * always asked anew. Default: 1 second.
       */
      catalogAnswer?: HumanDuration | string;
      /**
       * Whether a consumer whose constraint excludes the new version breaks even
       * when no field that it reads is touched. Default: false.
       */
      strictConstraints?: boolean;
    };

    /**
     * How long what is over is kept. Checked once an hour, on one process.
     */
    retention?: {
      /** Jobs that are done or failed, from their end on. Default: 7 days. */
      jobs?: HumanDuration | string;
      /** Scans before a start. Default: 30 days. */
      preflights?: HumanDuration | string;
      /** Lines of the logs of migrations and campaigns. Default: 90 days. */
      events?: HumanDuration | string;
      /**
       * Notifications that were delivered or are dead; one that is still to be
       * delivered stays. And who follows a dataset,
       * when one of the two has left the catalog.
       * Default: 90 days.
       */
      deliveries?: HumanDuration | string;
      /**
       * What makes a migration large: contracts, mapping, steps, verdicts and the
       * details of its verification. Not shorter than `pipeline.rollbackWindow`.
       * Default: 180 days.
       */
      evidence?: HumanDuration | string;
      /** Campaigns; their migrations stay. Default: 1 year. */
      campaigns?: HumanDuration | string;
      /**
       * Migrations, but for the last one that says which version of a dataset is
       * published. Not shorter than `pipeline.rollbackWindow`. Default: 2 years.
       */
      migrations?: HumanDuration | string;
    };

    /** Who is told about migrations, and how. */
    notifications?: {
      /**
       * Whether the owners of dataset and consumers, and who follows a dataset,
       * are told through Backstage's notifications. Default: true; set it to false
       * where the notifications backend is not installed.
       */
      owners?: boolean;

      /**
       * Whether everything that is told of a migration is also published on the
       * events service. Default: true; false, where nobody subscribes, saves a
       * delivery and its job for each migration.
       */
      events?: boolean;

      /**
       * How long before a deadline consumers are reminded of it that are not ready
       * by then: at most five durations of an hour or more; none for no reminders.
       * Default: 7 days and 1 day.
       */
      remindBefore?: Array<HumanDuration | string>;

      /**
       * One notification for each owner of consumers that open migrations wait for:
       * which datasets, and until when. Default: none is made.
       */
      digest?: {
        /**
         * How often, from a day to a year. Periods are counted from a Monday, 00:00
         * UTC: `7 days` is each Monday.
         */
        every: HumanDuration | string;
      };

      /** When a delivery that failed is tried again. */
      retries?: {
        /** Attempts after which it is dead, 1 to 50. Default: 29, over a day. */
        attempts?: number;
        /** Until the second attempt; then six times longer each. Default: 5 seconds. */
        initialDelay?: HumanDuration | string;
        /**
         * At most this long, also where a receiver asks for more by `Retry-After`.
         * So long later events may wait after a receiver came back. Default: 1 hour.
         */
        maxDelay?: HumanDuration | string;
      };

      /** Callbacks to the addresses that consumers declare. */
      webhooks?: {
        /**
         * The addresses that may be called. Without it none is. An address that
         * is not listed makes its delivery dead at once.
         */
        allow?: Array<{
          /**
           * Host with its port where that is not 443; `*.example.com` for
           * everything below. HTTPS only.
           */
          host?: string;
          /**
           * Instead of `host`: scheme, host and path that an address begins
           * with, in whole path segments. May be HTTP.
           */
          urlPrefix?: string;
          /**
           * Whether it may resolve to an address of a private network or of
           * this machine. Default: false.
           */
          allowPrivate?: boolean;
          /**
           * How a CloudEvent becomes a request: all of it as JSON (`structured`,
           * the default), or its data as JSON and the rest as headers (`binary`).
           */
          contentMode?: 'structured' | 'binary';
          /**
           * Events that these addresses hear of: `announced`, `blocked`,
           * `overridden`, `change-accepted`, `dates-set`, `reminder`, `starting`,
           * `succeeded`, `failed`, `cancelled`, `rolled-back`, `retiring`, `retired`,
           * or `*` for all of them and those of later releases. Default: `blocked`,
           * `succeeded`, `failed`, `rolled-back`, `retired`, as of old, and
           * `overridden` and `change-accepted`, which go to those alone whom they
           * concern.
           */
          events?: string[];
          /**
           * Secrets for these addresses alone, instead of the common ones.
           * @deepVisibility secret
           */
          secrets?: string[];
        }>;
        /**
         * Keys from which each consumer's secret is derived, so that no receiver
         * can forge calls to another: base64 of at least 32 random bytes. Owners of
         * consumers get theirs from the API. Every call is signed (`v1`) with the
         * secrets of all of them: to change one, put the new one first, let owners
         * fetch their secrets, remove the old one.
         * @deepVisibility secret
         */
        masterKeys?: string[];
        /**
         * Ed25519 private keys, PEM or `whsk_` and base64. Every call is signed
         * (`v1a`) with each of them. The public keys are served to everybody at
         * `/api/dataset-migrations/webhook-keys`: to change one, add the new one,
         * and remove the old one when receivers have had time to fetch the keys.
         * @deepVisibility secret
         */
        privateKeys?: string[];
        /**
         * Standard Webhooks secrets (`whsec_` and base64) that all receivers share,
         * and with which each could forge calls to the others. Every call is signed
         * (`v1`) with each of them: to change one, add the new one, let receivers
         * change, remove the old one.
         * @deepVisibility secret
         */
        secrets?: string[];
        /**
         * How long a receiver may take to answer with its status, from a second to
         * five minutes. Default: 15 seconds.
         */
        timeout?: HumanDuration | string;
        /**
         * Calls to one consumer that are made at a time, over all processes: from
         * 1 to 20, and no more than half of `queue.concurrency.deliver`. What is
         * told of one dataset always comes one by one. Default: 4.
         */
        callsPerConsumer?: number;
      };
    };
  };
}
