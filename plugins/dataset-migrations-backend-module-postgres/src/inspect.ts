import { Inspection } from '@skein/backstage-plugin-dataset-migrations-node';
import { qualified } from './connection/sql';
import { readVersions } from './control/versions';
import { Place } from './RunContext';
import { Queryable, readTable } from './table/readTable';

/** What the catalog says about a table, and the version recorded beside it. */
export async function inspect(
  session: Queryable,
  place: Place,
): Promise<Inspection> {
  const table = await readTable(session, place);
  if (!table) {
    return { exists: false, fields: [] };
  }
  const versions = await readVersions(session, qualified(place));
  return {
    exists: true,
    recordedVersion: versions?.currentVersion,
    fields: table.columns.map(({ name, type, notNull }) => ({
      name,
      physicalType: type,
      nullable: !notNull,
    })),
    rows: table.rows,
    bytes: table.bytes,
  };
}
