import { planCarrying } from '../carry/carryOver';
import { findCompanions } from '../carry/companions';
import { rehearseSwitch } from '../carry/rehearseSwitch';
import { RunState, SharedSequence } from '../control/runs';
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
import { Layout } from '../table/layout';
import { RowIdentity } from '../sync/rowIdentity';
import { readTable } from '../table/readTable';
import {
  ColumnDefinition,
  IndexDefinition,
  TableDefinition,
} from '../table/TableDefinition';
import { copyGrants, revokeDefaults } from './grants';
import { finishStatements, uncheckedConstraints } from './finishStatements';
import { createSchema, setOwner } from './schemas';

/** `relreplident` in words, but for the default and for indexes. */
const identities: Record<string, string> = { f: 'FULL', n: 'NOTHING' };

const TEMPLATE = 'skein_template';

type SequenceName = NonNullable<ColumnDefinition['sequence']>;

/**
 * Creates the empty shadow in a schema of its own, where its indexes,
 * constraints and sequences can have their final names, and says what is left
 * to do once it is full.
 *
 * PostgreSQL does the thinking: a template with the source's definition and
 * indexes is altered to the target's columns, which carries renames and types
 * on into every check, default and index. The shadow is made like the template.
 * Then everything is tried out that is still to be done with it.
 */
export async function createShadow(
  session: Session,
  context: RunContext,
  table: TableDefinition,
  layout: Layout,
  identity: RowIdentity | undefined,
): Promise<Pick<RunState, 'finish' | 'sequences' | 'carried' | 'made'>> {
  const { live, next, shadow, place } = context;
  const companions = await findCompanions(
    session,
    context.together.map(({ place: other, run }) => ({
      place: other,
      mapping: run.mapping,
    })),
  );
  const carrying = await planCarrying(
    session,
    context,
    table,
    layout,
    companions,
  );
  const template = `${ident(next)}.${TEMPLATE}`;
  await createSchema(session, next, table.owner);
  await session.query(
    `CREATE TABLE ${template} (LIKE ${live} INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS)`,
  );
  await runAll(session, [
    ...table.indexes.map(index => templateIndex(template, table, index)),
    ...alterStatements(template, layout, { empty: true }),
  ]);
  const altered = (await readTable(session, {
    schema: next,
    table: TEMPLATE,
  }))!;
  const finish = finishStatements(context, table, altered, {
    attached: carrying.finish,
    identity,
  });
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
  await runAll(session, carrying.make);
  const made = {
    finish,
    sequences,
    carried: carrying.carried,
    made: created.columns.map(({ name, type }) => ({ name, type })),
  };
  await rehearseSwitch(session, context, made, table.owner, companions);
  return made;
}

/** An index of the template, for PostgreSQL to alter with its columns. */
function templateIndex(
  template: string,
  table: TableDefinition,
  { name, unique, body, exclusion }: IndexDefinition,
): string {
  const constraint = table.constraints.find(other => other.name === name);
  return exclusion && constraint
    ? `ALTER TABLE ${template} ADD CONSTRAINT ${ident(name)} ${
        constraint.definition
      }`
    : `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${ident(
        name,
      )} ON ${template} ${body}`;
}

/** `LIKE` makes new sequences for identity columns, under names of its own. */
async function nameSequences(
  session: Session,
  created: TableDefinition,
  layout: Layout,
): Promise<SharedSequence[]> {
  const shared: SharedSequence[] = [];
  for (const { from, name, newType } of layout.columns) {
    if (from?.sequence) {
      shared.push({
        kind: from.identity ? 'identity' : 'serial',
        name: from.sequence.name,
        from: from.name,
        to: name,
      });
      const own = created.columns.find(c => c.name === name)?.sequence;
      if (from.identity && own) {
        await makeAlike(session, own, from.sequence);
        // `LIKE` makes it count to the limits of the old type, in a wider one.
        await runAll(
          session,
          [from.type, newType ?? from.type].map(
            type => `ALTER SEQUENCE ${nameOf(own, from.sequence!)} AS ${type}`,
          ),
        );
      }
    }
  }
  return shared;
}

function nameOf(own: SequenceName, original: SequenceName): string {
  return qualified({ schema: own.schema, table: original.name });
}

/** Gives the sequence of an identity the name and properties of the old one. */
async function makeAlike(
  session: Session,
  own: SequenceName,
  original: SequenceName,
): Promise<void> {
  const named = nameOf(own, original);
  if (own.name !== original.name) {
    await session.query(
      `ALTER SEQUENCE ${qualified({
        schema: own.schema,
        table: own.name,
      })} RENAME TO ${ident(original.name)}`,
    );
  }
  const [{ oid, comment }] = await session.query(
    `SELECT c.oid::int8::text AS oid, obj_description(c.oid, 'pg_class') AS comment
     FROM pg_class c WHERE c.oid = to_regclass($1)`,
    [qualified({ schema: original.schema, table: original.name })],
  );
  if (comment !== null) {
    await session.query(`COMMENT ON SEQUENCE ${named} IS ${literal(comment)}`);
  }
  await revokeDefaults(session, named);
  await copyGrants(session, {
    from: Number(oid),
    to: `SEQUENCE ${named}`,
    columns: new Map(),
  });
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
