import { Session } from '../connection/Session';
import {
  ident,
  literal,
  optionList,
  qualified,
  runAll,
} from '../connection/sql';
import { RunContext } from '../RunContext';
import { alterStatements } from '../table/alterStatements';
import { obsoleteIndexes } from '../table/keys';
import { Layout } from '../table/layout';
import { readTables } from '../table/readTable';
import { IndexDefinition, TableDefinition } from '../table/TableDefinition';
import { copyGrants, revokeDefaults } from './grants';
import { isOfConstraint, uncheckedConstraints } from './finishStatements';
import { partitionKeyAfter } from './partitionKeyAfter';
import { createSchema, setOwner } from './schemas';

/** `relreplident` in words, but for the default and for indexes. */
const identities: Record<string, string> = { f: 'FULL', n: 'NOTHING' };

/** A table of the shadow: the table itself, or one of its partitions. */
export interface ShadowTable {
  /** In which it is the table. */
  context: RunContext;
  /** What it is made after. */
  table: TableDefinition;
  layout: Layout;
}

/**
 * Creates the empty tables of the shadow, in the schema of the new version;
 * partitions are not attached yet, and nothing has an index.
 *
 * PostgreSQL does the thinking: templates with the source's definition and
 * indexes are altered to the target's columns, which carries renames and types
 * on into every check, default and index. The shadow is made like them.
 *
 * @returns the definitions of the templates
 */
export async function createShadowTables(
  session: Session,
  next: string,
  tables: ShadowTable[],
): Promise<TableDefinition[]> {
  for (const owner of new Set(tables.map(({ table }) => table.owner))) {
    await createSchema(session, next, owner);
  }
  const templates = tables.map((_, index) => ({
    schema: next,
    table: `skein_template_${index}`,
  }));
  for (const [index, one] of tables.entries()) {
    await runAll(session, templateStatements(one, qualified(templates[index])));
  }
  const altered = await readTables(session, templates);
  for (const [index, one] of tables.entries()) {
    await createLike(session, one, altered[index]);
  }
  return altered;
}

function templateStatements(
  { context: { live, run }, table, layout }: ShadowTable,
  template: string,
): string[] {
  const obsolete = obsoleteIndexes(run.mapping, table);
  return [
    `CREATE TABLE ${template} ${like(live, table)}`,
    ...table.indexes
      .filter(index => !obsolete.includes(index))
      .map(index => templateIndex(template, table, index)),
    ...alterStatements(template, layout, { empty: true }),
  ];
}

/** Partitions get the identity of their table when they are attached. */
function like(relation: string, { partitionOf }: TableDefinition): string {
  return `(LIKE ${relation} INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS${
    partitionOf ? ' EXCLUDING IDENTITY' : ''
  })`;
}

/** Creates a table of the shadow like its template, which goes then. */
async function createLike(
  session: Session,
  { context, table, layout }: ShadowTable,
  altered: TableDefinition,
): Promise<void> {
  const { shadow } = context;
  const template = qualified(altered);
  const partitionBy = table.partitioning
    ? ` PARTITION BY ${await partitionKeyAfter(
        session,
        context,
        table,
        layout,
      )}`
    : '';
  // Rows that are copied may break them.
  const unchecked = uncheckedConstraints(table).filter(({ name }) =>
    altered.constraints.some(other => other.name === name),
  );
  await runAll(session, [
    ...unchecked.map(
      ({ name }) => `ALTER TABLE ${template} DROP CONSTRAINT ${ident(name)}`,
    ),
    `CREATE TABLE ${shadow} ${like(template, table)}${partitionBy}${
      table.tablespace ? ` TABLESPACE ${ident(table.tablespace)}` : ''
    }`,
    `DROP TABLE ${template}`,
    ...propertyStatements(context, table, layout),
  ]);
  await revokeDefaults(session, shadow);
  await copyGrants(session, {
    from: table.oid,
    to: shadow,
    columns: new Map(
      layout.columns.flatMap(({ from, name }) =>
        from ? [[from.name, name] as const] : [],
      ),
    ),
  });
  await setOwner(session, shadow, table.owner);
}

/** An index of the template, for PostgreSQL to alter with its columns. */
function templateIndex(
  template: string,
  table: TableDefinition,
  index: IndexDefinition,
): string {
  const { name, unique, body } = index;
  const constraint = table.constraints.find(other => other.name === name);
  return constraint && isOfConstraint(table, index)
    ? `ALTER TABLE ${template} ADD CONSTRAINT ${ident(name)} ${
        constraint.definition
      }`
    : `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${ident(
        name,
      )} ON ${template} ${body}`;
}

/** What `LIKE` does not copy. */
function propertyStatements(
  { shadow }: RunContext,
  table: TableDefinition,
  layout: Layout,
): string[] {
  const options = [
    ...table.options,
    ...table.toastOptions.map(option => `toast.${option}`),
  ];
  return [
    ...(options.length > 0
      ? [`ALTER TABLE ${shadow} SET (${optionList(options)})`]
      : []),
    ...(table.comment === undefined
      ? []
      : [`COMMENT ON TABLE ${shadow} IS ${literal(table.comment)}`]),
    // That of an index is set with the index.
    ...(identities[table.replicaIdentity]
      ? [
          `ALTER TABLE ${shadow} REPLICA IDENTITY ${
            identities[table.replicaIdentity]
          }`,
        ]
      : []),
    ...layout.columns.flatMap(({ from, name }) => {
      const alter = `ALTER TABLE ${shadow} ALTER COLUMN ${ident(name)}`;
      return [
        ...(from?.statisticsTarget === undefined
          ? []
          : [`${alter} SET STATISTICS ${Number(from.statisticsTarget)}`]),
        ...(from && from.options.length > 0
          ? [`${alter} SET (${optionList(from.options)})`]
          : []),
      ];
    }),
  ];
}
