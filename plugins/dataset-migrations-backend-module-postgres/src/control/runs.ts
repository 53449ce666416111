import { RunPhase } from '@skein/backstage-plugin-dataset-migrations-node';
import { Carried } from '../carry/carryOver';
import { Session } from '../connection/Session';
import { qualified } from '../connection/sql';
import { prepared } from '../connection/prepared';
import { Fingerprint } from '../table/fingerprint';
import { RowIdentity } from '../sync/rowIdentity';
import { Place } from '../RunContext';
import { Queryable } from '../table/readTable';
import { Partition } from '../table/TableDefinition';
import { hasControlSchema } from './controlSchema';
import { RecordedVersions } from './versions';

/** What a run keeps beside the data, apart from its phase. */
export interface RunState {
  strategy: 'metadata-only' | 'shadow-copy';
  /** Key of the location under which the plugin's leases exclude others. */
  location: string;
  /** What the flags of this run's writes begin with; see {@link newWatch}. */
  watch: string;
  /**
   * What tells rows apart in both versions. With it, writes are brought over
   * as they come; without it, a write fails the migration.
   */
  identity?: RowIdentity;
  /** The source's definition when it was prepared, or published beside. */
  fingerprint: Fingerprint;
  /** The definition of the copy when it was published. */
  published: Fingerprint;
  /** The source's columns, for expressions to be emitted against. */
  columns: SourceColumnState[];
  /** The shadow's columns. */
  made: Array<{ name: string; type: string; notNull?: boolean }>;
  /**
   * Whether writes were brought over since the copy was complete: so perhaps
   * since it was verified.
   */
  broughtOver?: boolean;
  /** Rows of the source as estimated when it was prepared. */
  rowsTotal?: number;
  /**
   * The partitions of both versions, each after its parent, with the blocks that
   * are copied of each; absent for a table without.
   */
  partitions?: PartitionState[];
  /** Blocks of the first chunk of a lane. */
  chunkBlocks: number;
  /** Statements that complete the shadow once all rows are in it, in order. */
  finish: string[];
  finished: number;
  /** The versions recorded before the cut over; what a roll back records again. */
  versionBefore?: RecordedVersions;
  /** Whether the old version had a name of its own before the cut over. */
  hadVersionView: boolean;
  /** Whether the two versions show each other's writes; see `joinVersions`. */
  joined: boolean;
  /** Statements that take a metadata-only change back. */
  undo: string[];
  /** Columns, by their new names, whose wider type it makes narrow again. */
  widened: Array<{ column: string; before: string }>;
  /** Sequences that belong to a column of the old table and of the new one. */
  sequences: SharedSequence[];
  /** Where rows are kept that do not cast; absent where no cast sets rows aside. */
  quarantine?: Place;
  /** What hangs on the table, and how it moves when the tables are switched. */
  carried: Carried;
}

/** A partition, by the same name in both versions. */
export type PartitionState = Pick<Partition, 'schema' | 'table' | 'blocks'>;

/** The quoted names of partitions while they are in a schema of the run. */
export function partitionsIn(
  schema: string,
  partitions: PartitionState[] = [],
): string[] {
  return partitions.map(({ table }) => qualified({ schema, table }));
}

/** A column of the source. */
export interface SourceColumnState {
  name: string;
  type: string;
  /** Whether the database computes it. */
  generated?: boolean;
  /**
   * The column of the target that the database computes just as this one, and
   * that nobody else may write.
   */
  computes?: string;
}

/** A sequence that goes along with a column when the table is replaced. */
export interface SharedSequence {
  kind: 'identity' | 'serial';
  /** Its name, which is the same in whatever schema its table is. */
  name: string;
  /** Column of the old version. */
  from: string;
  /** Column of the new version. */
  to: string;
}

export interface StoredRun {
  phase: RunPhase;
  place: string;
  state: RunState;
}

/** @param forUpdate - keeps other transactions from changing it meanwhile */
export async function readRun(
  session: Queryable,
  migrationId: string,
  options: { forUpdate?: boolean } = {},
): Promise<StoredRun | undefined> {
  if (!(await hasControlSchema(session))) {
    return undefined;
  }
  const [row] = await session.query(
    prepared(
      `SELECT phase, place, state FROM skein.runs WHERE migration_id = $1${
        options.forUpdate ? ' FOR UPDATE' : ''
      }`,
    ),
    [migrationId],
  );
  return row as StoredRun | undefined;
}

export async function writeRun(
  session: Session,
  migrationId: string,
  run: StoredRun,
): Promise<void> {
  await session.query(
    prepared(`INSERT INTO skein.runs (migration_id, place, phase, state) VALUES ($1, $2, $3, $4)
     ON CONFLICT (migration_id) DO UPDATE SET phase = excluded.phase,
       state = excluded.state, updated_at = now()`),
    [migrationId, run.place, run.phase, JSON.stringify(run.state)],
  );
}

/** Changes some of what a run keeps, in a transaction that holds the run. */
export async function patchState(
  session: Session,
  migrationId: string,
  patch: Partial<RunState>,
): Promise<void> {
  await session.query(
    prepared(
      `UPDATE skein.runs SET state = state || $2::jsonb, updated_at = now() WHERE migration_id = $1`,
    ),
    [migrationId, JSON.stringify(patch)],
  );
}

/** Forgets a run and its lanes. */
export async function deleteRun(
  session: Session,
  migrationId: string,
): Promise<void> {
  await session.query(
    prepared(`DELETE FROM skein.runs WHERE migration_id = $1`),
    [migrationId],
  );
}
