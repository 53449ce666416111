import { Session } from '../connection/Session';
import { ident, literal, optionList, runAll } from '../connection/sql';
import { RunContext } from '../RunContext';
import { alterStatements } from '../table/alterStatements';
import { obsoleteIndexes } from '../table/keys';
import { Layout } from '../table/layout';
import { readTable } from '../table/readTable';
import { IndexDefinition, TableDefinition } from '../table/TableDefinition';
import { copyGrants, revokeDefaults } from './grants';
import { isOfConstraint, uncheckedConstraints } from './finishStatements';
import { partitionKeyAfter } from './partitionKeyAfter';
import { createSchema, setOwner } from './schemas';

/** `relreplident` in words, but for the default and for indexes. */
const identities: Record<string, string> = { f: 'FULL', n: 'NOTHING' };

const TEMPLATE = 'skein_template';

/**
 * Creates one empty table of the shadow, in the schema of the new version: the
 * table itself, or one of its partitions, not attached yet and without indexes.
 *
 * PostgreSQL does the thinking: a template with the source's definition and
 * indexes is altered to the target's columns, which carries renames and types
 * on into every check, default and index. The shadow is made like the template.
 *
 * @returns the template's definition
 */
export async function createShadowTable(
  session: Session,
  context: RunContext,
  table: TableDefinition,
  layout: Layout,
): Promise<TableDefinition> {
  const { live, next, shadow, run } = context;
  const template = `${ident(next)}.${TEMPLATE}`;
  // Partitions get the identity of their table when they are attached.
  const like = (relation: string) =>
    `(LIKE ${relation} INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS${
      table.partitionOf ? ' EXCLUDING IDENTITY' : ''
    })`;
  const partitionBy = table.partitioning
    ? ` PARTITION BY ${await partitionKeyAfter(
        session,
        context,
        table,
        layout,
      )}`
    : '';
  const obsolete = obsoleteIndexes(run.mapping, table);
  await createSchema(session, next, table.owner);
  await session.query(`CREATE TABLE ${template} ${like(live)}`);
  await runAll(session, [
    ...table.indexes
      .filter(index => !obsolete.includes(index))
      .map(index => templateIndex(template, table, index)),
    ...alterStatements(template, layout, { empty: true }),
  ]);
  const altered = (await readTable(session, {
    schema: next,
    table: TEMPLATE,
  }))!;
  // Rows that are copied may break them.
  const unchecked = uncheckedConstraints(table).filter(({ name }) =>
    altered.constraints.some(other => other.name === name),
  );
  await runAll(
    session,
    unchecked.map(
      ({ name }) => `ALTER TABLE ${template} DROP CONSTRAINT ${ident(name)}`,
    ),
  );
  await session.query(
    `CREATE TABLE ${shadow} ${like(template)}${partitionBy}${
      table.tablespace ? ` TABLESPACE ${ident(table.tablespace)}` : ''
    }`,
  );
  await session.query(`DROP TABLE ${template}`);
  await copyProperties(session, context, table, layout);
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
  return altered;
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
async function copyProperties(
  session: Session,
  { shadow }: RunContext,
  table: TableDefinition,
  layout: Layout,
): Promise<void> {
  const options = [
    ...table.options,
    ...table.toastOptions.map(option => `toast.${option}`),
  ];
  const statements = [
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
  await runAll(session, statements);
}
