import { RunState, SharedSequence } from '../control/runs';
import { Session } from '../connection/Session';
import { ident, literal } from '../connection/sql';
import { RunContext } from '../RunContext';
import { alterStatements } from '../table/alterStatements';
import { Layout } from '../table/layout';
import { RowIdentity } from '../sync/rowIdentity';
import { readTable } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';
import { copyGrants } from './grants';
import { finishStatements } from './finishStatements';
import { createSchema, setOwner } from './schemas';

const TEMPLATE = 'skein_template';

/**
 * Creates the empty shadow in a schema of its own, where its indexes,
 * constraints and sequences can have their final names, and says what is left
 * to do once it is full.
 *
 * PostgreSQL does the thinking: a template with the source's definition and
 * indexes is altered to the target's columns, which carries renames and types
 * on into every check, default and index. The shadow is made like the template.
 */
export async function createShadow(
  session: Session,
  context: RunContext,
  table: TableDefinition,
  layout: Layout,
  identity: RowIdentity | undefined,
): Promise<Pick<RunState, 'finish' | 'sequences' | 'made'>> {
  const { live, next, shadow, place } = context;
  const template = `${ident(next)}.${TEMPLATE}`;
  await createSchema(session, next, table.owner);
  await session.query(
    `CREATE TABLE ${template} (LIKE ${live} INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS)`,
  );
  for (const index of table.indexes) {
    await session.query(
      `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${ident(
        index.name,
      )} ON ${template} ${index.body}`,
    );
  }
  for (const statement of alterStatements(template, layout, { empty: true })) {
    await session.query(statement);
  }
  const altered = (await readTable(session, {
    schema: next,
    table: TEMPLATE,
  }))!;
  const finish = finishStatements(context, table, altered, identity);

  await session.query(
    `CREATE TABLE ${shadow} (LIKE ${template} INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS)${
      table.tablespace ? ` TABLESPACE ${ident(table.tablespace)}` : ''
    }`,
  );
  await session.query(`DROP TABLE ${template}`);
  const created = (await readTable(session, {
    schema: next,
    table: place.table,
  }))!;
  const sequences = await nameSequences(session, created, layout);
  await copyProperties(session, context, table, layout);
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
  const made = created.columns.map(({ name, type }) => ({ name, type }));
  return { finish, sequences, made };
}

/** `LIKE` makes new sequences for identity columns, under names of its own. */
async function nameSequences(
  session: Session,
  created: TableDefinition,
  layout: Layout,
): Promise<SharedSequence[]> {
  const shared: SharedSequence[] = [];
  for (const { from, name } of layout.columns) {
    if (from?.sequence) {
      shared.push({
        kind: from.identity ? 'identity' : 'serial',
        from: from.name,
        to: name,
      });
      const own = created.columns.find(c => c.name === name)?.sequence;
      if (from.identity && own && own.name !== from.sequence.name) {
        await session.query(
          `ALTER SEQUENCE ${ident(own.schema)}.${ident(
            own.name,
          )} RENAME TO ${ident(from.sequence.name)}`,
        );
      }
    }
  }
  return shared;
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
  ].map(option => {
    const [name, ...value] = option.split('=');
    const quoted = name.split('.').map(ident).join('.');
    return `${quoted} = ${literal(value.join('='))}`;
  });
  if (options.length > 0) {
    await session.query(`ALTER TABLE ${shadow} SET (${options.join(', ')})`);
  }
  if (table.comment !== undefined) {
    await session.query(
      `COMMENT ON TABLE ${shadow} IS ${literal(table.comment)}`,
    );
  }
  if (table.replicaIdentity !== 'd') {
    await session.query(
      `ALTER TABLE ${shadow} REPLICA IDENTITY ${
        table.replicaIdentity === 'f' ? 'FULL' : 'NOTHING'
      }`,
    );
  }
  for (const { from, name } of layout.columns) {
    if (from?.statisticsTarget !== undefined) {
      await session.query(
        `ALTER TABLE ${shadow} ALTER COLUMN ${ident(
          name,
        )} SET STATISTICS ${Number(from.statisticsTarget)}`,
      );
    }
  }
}
