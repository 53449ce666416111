import { InputError } from '@backstage/errors';
import {
  Contract,
  Mapping,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { hasControlSchema } from './control/controlSchema';
import { readVersions } from './control/versions';
import { qualified } from './connection/sql';
import { fits } from './emit/types';
import { emitProjection, soleProjection } from './emit/projection';
import { problemOfIdentifier } from './table/identifiers';
import { columnName, layOut, Layout, sourceColumns } from './table/layout';
import { findObstacles } from './table/obstacles';
import { Queryable, readTable } from './table/readTable';
import { chooseStrategy, isWidening } from './table/strategy';
import { TableDefinition } from './table/TableDefinition';
import { Place } from './RunContext';

/** What is to be planned: one table and the mapping of its rows. */
export interface PlanRequest {
  place: Place;
  display: string;
  mapping: Mapping;
  policy: Policy;
  sourceContract: Contract;
  targetContract: Contract;
  chunkRows: number;
}

/** A plan with what it was made from, for those who carry it out. */
export interface TablePlan extends EnginePlan {
  table?: TableDefinition;
  layout?: Layout;
}

/** Reads metadata only. See {@link Engine.plan}. */
export async function planTable(
  session: Queryable,
  request: PlanRequest,
): Promise<TablePlan> {
  const table = await readTable(session, request.place);
  if (!table) {
    return refused(`There is no table ${request.display}.`);
  }
  if (table.kind !== 'r') {
    return refused(
      `${request.display} is a ${
        kinds[table.kind] ?? 'relation'
      }; only ordinary tables can be migrated.`,
    );
  }
  const mismatches = [
    ...compareColumns(table, request),
    ...problemsOfTarget(request),
  ];
  if (mismatches.length > 0) {
    return { ...refused(...mismatches), ...sizeOf(table) };
  }
  const { mapping, policy } = request;
  const layout = layOut(mapping, table);
  const strategy = chooseStrategy(mapping, layout);
  const copies = strategy === 'shadow-copy';
  const refusals = [
    ...problemsOfMapping(mapping, table),
    ...problemsOfLayout(layout),
    ...(await missingPrivileges(
      session,
      table,
      copies || policy === 'coexist',
    )),
    ...(await problemsOfVersion(session, request)),
    ...(copies ? await findObstacles(session, table) : []),
    ...(copies ? [] : await obstaclesInPlace(session, table, layout)),
  ];
  return {
    strategy,
    ...sizeOf(table),
    chunks: copies ? estimateChunks(table, request.chunkRows) : 0,
    notes: notesOn(strategy, policy, table, layout),
    refusals,
    table,
    layout,
  };
}

const kinds: Record<string, string> = {
  v: 'view',
  m: 'materialized view',
  p: 'partitioned table',
  f: 'foreign table',
  S: 'sequence',
  i: 'index',
  c: 'composite type',
};

function refused(...refusals: string[]): EnginePlan {
  return { strategy: 'shadow-copy', notes: [], refusals };
}

function sizeOf(table: TableDefinition): { rows?: number; bytes: number } {
  return { rows: table.rows, bytes: table.bytes };
}

function estimateChunks(table: TableDefinition, chunkRows: number): number {
  return Math.max(1, Math.ceil((table.rows ?? 0) / chunkRows));
}

/** The table must be what the old contract says, no more and no less. */
function compareColumns(
  table: TableDefinition,
  { mapping, display, sourceContract }: PlanRequest,
): string[] {
  const named = new Map(
    mapping.source.map(field => [columnName(field), field]),
  );
  const problems: string[] = [];
  for (const [name, field] of named) {
    const column = table.columns.find(c => c.name === name);
    if (!column) {
      problems.push(
        `Version ${sourceContract.version} of the contract names the column ${name}, which ${display} does not have.`,
      );
    } else if (!fits(column.type, field.type)) {
      problems.push(
        `The column ${name} of ${display} is of type ${column.type}, which is not what version ${sourceContract.version} of the contract says (${field.type.kind}).`,
      );
    }
  }
  for (const { name } of table.columns) {
    if (!named.has(name)) {
      problems.push(
        `${display} has the column ${name}, which version ${sourceContract.version} of the contract does not name; add it to the contract, or drop it from the table.`,
      );
    }
  }
  return problems;
}

function problemsOfTarget(request: PlanRequest): string[] {
  const { mapping, targetContract, place, display } = request;
  const problems: string[] = [];
  if (targetContract.schema.physicalName !== place.table) {
    problems.push(
      `Version ${targetContract.version} of the contract names the table ${targetContract.schema.physicalName}; moving ${display} to another name is not supported yet.`,
    );
  }
  const names = mapping.target.map(columnName);
  for (const name of new Set(names)) {
    const problem = problemOfIdentifier(name);
    if (problem) {
      problems.push(`The name of the new column '${name}' ${problem}.`);
    }
    if (names.filter(other => other === name).length > 1) {
      problems.push(`Two fields of the new version are the column ${name}.`);
    }
  }
  return problems;
}

/** Casts and functions that PostgreSQL does not have show when emitted. */
function problemsOfMapping(mapping: Mapping, table: TableDefinition): string[] {
  const projection = soleProjection(mapping) ?? [];
  const scope = {
    relation: 'source',
    columns: sourceColumns(mapping.source, table.columns),
  };
  return projection.flatMap(projected => {
    try {
      emitProjection([projected], scope);
      return [];
    } catch (error) {
      if (error instanceof InputError) {
        return [`${projected.field.name}: ${error.message}.`];
      }
      throw error;
    }
  });
}

function problemsOfLayout(layout: Layout): string[] {
  return layout.columns.flatMap(({ from, newType }) =>
    from?.identity && newType && !/^(smallint|integer|bigint)$/.test(newType)
      ? [
          `The column ${from.name} is an identity column and cannot become ${newType}; drop the identity first.`,
        ]
      : [],
  );
}

async function missingPrivileges(
  session: Queryable,
  table: TableDefinition,
  makesSchemas: boolean,
): Promise<string[]> {
  const hasControl = await hasControlSchema(session);
  const [can] = await session.query(
    `SELECT current_user AS role, pg_has_role($1, 'USAGE') AS owns,
       has_database_privilege(current_database(), 'CREATE') AS "createsSchemas",
       has_schema_privilege($2, 'CREATE') AS "createsTables",
       pg_is_in_recovery() AS standby,
       current_setting('server_version_num')::int AS version`,
    [table.owner, table.schema],
  );
  const problems: string[] = [];
  if (can.standby) {
    problems.push(
      'The connection leads to a standby; name the primary server.',
    );
  }
  if (can.version < 160000) {
    problems.push(
      `PostgreSQL 16 or later is needed; this server has ${Math.floor(
        can.version / 10000,
      )}.`,
    );
  }
  if (!can.owns) {
    problems.push(
      `The role ${can.role} must own the table or be a member of its owner: GRANT ${table.owner} TO ${can.role}.`,
    );
  }
  if ((makesSchemas || !hasControl) && !can.createsSchemas) {
    problems.push(
      `The role ${can.role} may not create schemas: GRANT CREATE ON DATABASE to it.`,
    );
  }
  if (makesSchemas && !can.createsTables) {
    problems.push(
      `The role ${can.role} may not create tables in ${table.schema}: GRANT CREATE ON SCHEMA ${table.schema} to it.`,
    );
  }
  return problems;
}

async function problemsOfVersion(
  session: Queryable,
  { place, sourceContract, display }: PlanRequest,
): Promise<string[]> {
  const recorded = await readVersions(session, qualified(place));
  if (!recorded) {
    return [];
  }
  if (recorded.coexistingVersion) {
    return [
      `Version ${recorded.coexistingVersion} still stands beside ${recorded.currentVersion}; retire it first.`,
    ];
  }
  return recorded.currentVersion === sourceContract.version
    ? []
    : [
        `${display} holds version ${recorded.currentVersion}, as recorded beside the data, not ${sourceContract.version}.`,
      ];
}

/** What `ALTER TABLE` would refuse, or break without a word. */
async function obstaclesInPlace(
  session: Queryable,
  table: TableDefinition,
  layout: Layout,
): Promise<string[]> {
  const retyped = layout.columns.filter(
    column => column.from && column.newType,
  );
  if (retyped.length === 0) {
    return [];
  }
  return (await findObstacles(session, table)).filter(sentence =>
    /view/.test(sentence),
  );
}

function notesOn(
  strategy: EnginePlan['strategy'],
  policy: Policy,
  table: TableDefinition,
  layout: Layout,
): string[] {
  if (strategy === 'metadata-only') {
    const widened = layout.columns.filter(
      ({ from, newType }) => from && newType && isWidening(from.type, newType),
    );
    return [
      'Only the catalog changes: no row is copied, the table is locked for a few milliseconds, and writes go on meanwhile.',
      ...(widened.length > 0
        ? [
            `A roll back narrows ${widened
              .map(({ name }) => name)
              .join(', ')} again, which reads the whole table under its lock.`,
          ]
        : []),
    ];
  }
  return [
    `The table is copied beside the live one, which takes about ${Math.ceil(
      table.bytes / 2 ** 20,
    )} MB until the old version is cleaned up.`,
    'Readers and writers go on meanwhile, but a write fails the migration: it is noticed before anything is switched, and the table stays as it is.',
    policy === 'switch'
      ? 'The switch locks the table for a few milliseconds; it waits at most 300 ms for the lock at a time, so that it holds nobody up.'
      : 'The new version is published beside the old one, which keeps the table name until it is retired; what is written to the old one after that stops the retirement.',
    ...layout.dropped.flatMap(({ name, number }) => [
      `The column ${name} is dropped; the old version keeps it until it is cleaned up.`,
      ...table.indexes
        .filter(({ reads }) => reads.includes(number))
        .map(index => `The index ${index.name} goes with it.`),
      ...table.constraints
        .filter(({ kind, columns }) => kind === 'c' && columns.includes(number))
        .map(check => `The check ${check.name} goes with it.`),
    ]),
  ];
}
