import { Session } from '../connection/Session';
import { prepared } from '../connection/prepared';
import { Queryable } from '../table/readTable';
import { hasControlSchema } from './controlSchema';

/** The versions of one table, as recorded beside the data. */
export interface RecordedVersions {
  /** The one published last. */
  currentVersion: string;
  /** Under `coexist`, the older one, which still has the table's name. */
  coexistingVersion?: string;
  migrationId: string;
}

export async function readVersions(
  session: Queryable,
  place: string,
): Promise<RecordedVersions | undefined> {
  if (!(await hasControlSchema(session))) {
    return undefined;
  }
  const [row] = await session.query(
    prepared(
      `SELECT current_version, coexisting_version, migration_id FROM skein.versions WHERE place = $1`,
    ),
    [place],
  );
  return (
    row && {
      currentVersion: row.current_version,
      coexistingVersion: row.coexisting_version ?? undefined,
      migrationId: row.migration_id,
    }
  );
}

export async function writeVersions(
  session: Session,
  place: string,
  versions: RecordedVersions,
): Promise<void> {
  await session.query(
    prepared(`INSERT INTO skein.versions (place, current_version, coexisting_version, migration_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT (place) DO UPDATE SET current_version = excluded.current_version,
       coexisting_version = excluded.coexisting_version, migration_id = excluded.migration_id, recorded_at = now()`),
    [
      place,
      versions.currentVersion,
      versions.coexistingVersion ?? null,
      versions.migrationId,
    ],
  );
}

export async function deleteVersions(
  session: Session,
  place: string,
): Promise<void> {
  await session.query(prepared(`DELETE FROM skein.versions WHERE place = $1`), [
    place,
  ]);
}
