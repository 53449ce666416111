import {
  ControlSchema,
  controlSchemaSql,
  noControlSchema,
} from '../control/controlSchema';
import { prepared } from '../connection/prepared';
import { Queryable } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';

/** What the connection's role may do, and where. */
export interface Rights {
  role: string;
  /** Whether it is the table's owner, or a member of it. */
  owns: boolean;
  createsSchemas: boolean;
  /** In the schema of the table. */
  createsTables: boolean;
  /** Whether it is shown what sessions of others do. */
  seesLoad: boolean;
  control: ControlSchema;
  standby: boolean;
  /** Of the server, as `server_version_num` has it. */
  version: number;
}

/** All of it in one request, as a campaign plans thousands of tables. */
export async function readRights(
  session: Queryable,
  table: TableDefinition,
): Promise<Rights> {
  const [rights] = await session.query(
    prepared(`SELECT current_user AS role, pg_has_role($1, 'USAGE') AS owns,
       has_database_privilege(current_database(), 'CREATE') AS "createsSchemas",
       has_schema_privilege($2, 'CREATE') AS "createsTables",
       pg_has_role('pg_read_all_stats', 'USAGE') AS "seesLoad",
       (SELECT to_json(control) FROM (${controlSchemaSql}) AS control) AS control,
       pg_is_in_recovery() AS standby,
       current_setting('server_version_num')::int AS version`),
    [table.owner, table.schema],
  );
  return { ...(rights as Rights), control: rights.control ?? noControlSchema };
}
