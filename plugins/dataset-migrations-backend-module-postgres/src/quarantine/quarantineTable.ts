import { ident, literal, qualified } from '../connection/sql';
import { Session } from '../connection/Session';
import { hasControlSchema } from '../control/controlSchema';
import { Place, RunContext } from '../RunContext';
import { revokeDefaults } from '../shadow/grants';
import {
  createVersionSchema,
  dropVersionSchema,
  setOwner,
} from '../shadow/schemas';
import { versionSchema } from '../shadow/versionViews';
import { RowIdentity } from '../sync/rowIdentity';
import { problemOfIdentifier } from '../table/identifiers';
import { Queryable } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';

/** What a row that is set aside has beside the source's columns. */
export const ASIDE_COLUMNS = {
  /** `text[]`: the fields whose values cannot be cast. */
  fields: 'skein_failed_fields',
  /** `timestamptz`: when the row was set aside, or again after it was written. */
  at: 'skein_set_aside_at',
};

/** Where rows are kept that have no place in a version. */
export function quarantineOf({ schema, table }: Place, version: string): Place {
  return { schema: versionSchema(`${schema}_quarantine`, version), table };
}

/**
 * Why a table cannot have a quarantine there, as sentences. One that an
 * unfinished run made is no obstacle: it goes when the run begins anew.
 */
export async function problemsOfQuarantine(
  session: Queryable,
  table: TableDefinition,
  place: Place,
): Promise<string[]> {
  const problem = problemOfIdentifier(place.schema);
  if (problem) {
    return [
      `The schema ${place.schema}, in which rows would be set aside, ${problem}.`,
    ];
  }
  const reserved = table.columns.filter(({ name }) =>
    Object.values(ASIDE_COLUMNS).includes(name),
  );
  const problems = reserved.map(
    ({ name }) =>
      `The column ${name} has the name of one that the quarantine adds; rename it first.`,
  );
  if (await isTaken(session, table, place)) {
    problems.push(
      `${qualified(
        place,
      )}, where rows would be set aside, is there already: perhaps with rows of an earlier migration. Look at them, then drop or rename it.`,
    );
  }
  return problems;
}

async function isTaken(
  session: Queryable,
  table: TableDefinition,
  place: Place,
): Promise<boolean> {
  const [{ there }] = await session.query(
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [qualified(place)],
  );
  if (!there || !(await hasControlSchema(session))) {
    return there;
  }
  const [{ unfinished }] = await session.query(
    `SELECT EXISTS (SELECT FROM skein.runs WHERE place = $1 AND phase IN ('prepared', 'copied')
       AND state->'quarantine'->>'schema' = $2) AS unfinished`,
    [qualified(table), place.schema],
  );
  return !unfinished;
}

/**
 * Creates the empty table: the source's columns, exactly as they are, and the
 * two of {@link ASIDE_COLUMNS}. It belongs to the owner of the source, and to
 * nobody else: grants and policies of the source do not follow, as policies
 * could not be sure to hide there what they hide here.
 *
 * @param identity - what tells rows apart, if anything does
 */
export async function createQuarantine(
  session: Session,
  context: RunContext,
  table: TableDefinition,
  identity: RowIdentity | undefined,
): Promise<Place> {
  const place = quarantineOf(context.place, context.run.toVersion);
  const name = qualified(place);
  await createVersionSchema(session, place.schema, table.owner);
  await session.query(
    `CREATE TABLE ${name} (LIKE ${context.live}, ${ident(
      ASIDE_COLUMNS.fields,
    )} text[] NOT NULL, ${ident(ASIDE_COLUMNS.at)} timestamptz NOT NULL)`,
  );
  await session.query(
    `COMMENT ON TABLE ${name} IS ${literal(markOf(context.run.migrationId))}`,
  );
  if (identity) {
    const key = identity.map(({ source }) => ident(source.name)).join(', ');
    await session.query(`CREATE INDEX ON ${name} (${key})`);
  }
  await revokeDefaults(session, name);
  await setOwner(session, name, table.owner);
  return place;
}

/** Whether what {@link createQuarantine} made for a migration is still there. */
export async function isOurQuarantine(
  session: Queryable,
  migrationId: string,
  place: Place,
): Promise<boolean> {
  const [{ ours }] = await session.query(
    `SELECT coalesce(obj_description(to_regclass($1), 'pg_class') = $2, false) AS ours`,
    [qualified(place), markOf(migrationId)],
  );
  return ours;
}

/** Drops what {@link createQuarantine} made for a migration, and nothing else. */
export async function dropQuarantine(
  session: Session,
  migrationId: string,
  place: Place | undefined,
): Promise<void> {
  if (place && (await isOurQuarantine(session, migrationId, place))) {
    await session.query(`DROP TABLE ${qualified(place)}`);
    await dropVersionSchema(session, place.schema);
  }
}

/** The comment by which the table is known to be ours. */
function markOf(migrationId: string): string {
  return `skein: rows that the migration ${migrationId} set aside, as they were in the old version`;
}
