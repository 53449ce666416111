import {
  Contract,
  Mapping,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  EnginePlan,
  Location,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { findCompanions } from '../carry/companions';
import { readVersions } from '../control/versions';
import { qualified } from '../connection/sql';
import {
  problemsOfQuarantine,
  quarantineOf,
} from '../quarantine/quarantineTable';
import { calledFunctions } from '../emit/castNodes';
import { functionsOfVersion17 } from '../emit/functions';
import { layOut, Layout } from '../table/layout';
import { surroundingsOf } from '../table/obstacles';
import { Queryable, readTable } from '../table/readTable';
import { chooseStrategy } from '../table/strategy';
import { TableDefinition } from '../table/TableDefinition';
import { Place, placeOf } from '../RunContext';
import { problemOfVersionView } from '../shadow/versionViews';
import { unseenLoad } from '../throttle/unseenLoad';
import {
  compareColumns,
  problemsOfLayout,
  problemsOfMapping,
  problemsOfTarget,
} from './contractProblems';
import { diskBytes, problemsOfDisk } from './disk';
import { estimateSeconds } from './estimateSeconds';
import { plannedLocks } from './locks';
import { missingPrivileges } from './missingPrivileges';
import { notesOn } from './notes';
import { notesOnPartitions, problemsOfPartitions } from './partitions';
import { readRights, Rights } from './readRights';

/** What is to be planned: one table and the mapping of its rows. */
export interface PlanRequest {
  place: Place;
  display: string;
  mapping: Mapping;
  policy: Policy;
  sourceContract: Contract;
  targetContract: Contract;
  chunkRows: number;
  maxDatabaseBytes?: number;
  /** The tables that are switched with it. */
  together?: Array<{ location: Location; mapping: Mapping }>;
}

/** A plan with what it was made from, for those who carry it out. */
export interface TablePlan extends EnginePlan {
  table?: TableDefinition;
  layout?: Layout;
}

/** `relkind` in words. */
const kinds: Record<string, string> = {
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: 'sequence',
  i: 'index',
  c: 'composite type',
};

/** Reads metadata only. See {@link Engine.plan}. */
export async function planTable(
  session: Queryable,
  request: PlanRequest,
): Promise<TablePlan> {
  const table = await readTable(session, request.place);
  if (!table) {
    return refused(`There is no table ${request.display}.`);
  }
  if (table.kind !== 'r' && table.kind !== 'p') {
    return refused(
      `${request.display} is a ${
        kinds[table.kind] ?? 'relation'
      }; only tables can be migrated.`,
    );
  }
  if (table.partitionOf) {
    return refused(
      `${request.display} is a partition of ${table.partitionOf.schema}.${table.partitionOf.table}, and changes with it; name that table in the contract.`,
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
  const needed = diskBytes(strategy, table);
  const { obstacles, notes, carries } = await surroundingsOf(session, table, {
    strategy,
    policy,
    layout,
    mapping,
  });
  const rights = await readRights(session, table);
  const refusals = [
    ...problemsOfMapping(mapping, table),
    ...problemsOfLayout(layout),
    ...(await problemsOfPartitions(session, table, {
      strategy,
      policy,
      layout,
      mapping,
    })),
    ...missingPrivileges(rights, table, {
      schemas: copies || policy === 'coexist',
      server: neededServer(mapping),
    }),
    ...(await problemsOfVersion(session, rights, request)),
    ...(policy === 'coexist' ? await problemsOfNames(session, request) : []),
    ...(await problemsOfAside(session, request, table)),
    ...(await problemsOfDisk(
      session,
      needed + (await diskBytesOfOthers(session, request)),
      request.maxDatabaseBytes,
    )),
    ...obstacles,
  ];
  return {
    strategy,
    ...sizeOf(table),
    chunks: copies ? estimateChunks(table, request.chunkRows) : 0,
    seconds: estimateSeconds(strategy, mapping, table),
    diskBytes: needed,
    locks: await plannedLocks(session, { strategy, policy, table, carries }),
    notes: [
      ...notesOn({ ...request, strategy, table, layout }),
      ...notesOnPartitions(table, strategy),
      ...(copies ? unseenLoad(rights) : []),
      ...notes,
    ],
    refusals,
    table,
    layout,
  };
}

/** What the copies of the tables take that are switched with it. */
async function diskBytesOfOthers(
  session: Queryable,
  { together = [] }: PlanRequest,
): Promise<number> {
  const companions = await findCompanions(
    session,
    together.map(({ location, mapping }) => ({
      place: placeOf(location),
      mapping,
    })),
  );
  return companions.reduce(
    (sum, { table }) => sum + diskBytes('shadow-copy', table),
    0,
  );
}

/** `pg_input_is_valid` came with 16, collations of all databases with 17. */
function neededServer(mapping: Mapping): number {
  const called = mapping.segments.flatMap(segment =>
    segment.kind === 'projection'
      ? segment.fields.flatMap(({ expression }) => calledFunctions(expression))
      : [],
  );
  return called.some(name => functionsOfVersion17.includes(name)) ? 17 : 16;
}

function refused(...refusals: string[]): EnginePlan {
  return { strategy: 'shadow-copy', notes: [], refusals };
}

function sizeOf(table: TableDefinition): { rows?: number; bytes: number } {
  return { rows: table.rows, bytes: table.bytes };
}

function estimateChunks(table: TableDefinition, chunkRows: number): number {
  return Math.max(1, Math.ceil((table.rows ?? 0) / chunkRows));
}

/** Beside each other, both versions need a name of their own. */
async function problemsOfNames(
  session: Queryable,
  { place, sourceContract, targetContract }: PlanRequest,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { version } of [sourceContract, targetContract]) {
    const problem = await problemOfVersionView(session, place, version);
    if (problem) {
      problems.push(problem);
    }
  }
  return problems;
}

/** Whether rows that do not cast can be set aside. */
async function problemsOfAside(
  session: Queryable,
  { mapping, policy, place, targetContract: { version } }: PlanRequest,
  table: TableDefinition,
): Promise<string[]> {
  if (!mapping.setAside) {
    return [];
  }
  return [
    ...(policy === 'coexist'
      ? [
          `A cast with onFailure: quarantine cannot be carried out beside the old version: what applications write there would have to appear in version ${version} from the same commit on, and a row that does not cast cannot. Use the policy switch, or onFailure: null.`,
        ]
      : []),
    ...(await problemsOfQuarantine(
      session,
      table,
      quarantineOf(place, version),
    )),
  ];
}

async function problemsOfVersion(
  session: Queryable,
  { control }: Rights,
  { place, sourceContract, display }: PlanRequest,
): Promise<string[]> {
  if (!control.exists || !control.usable) {
    return [];
  }
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
