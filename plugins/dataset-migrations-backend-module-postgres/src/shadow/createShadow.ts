import { planCarrying } from '../carry/carryOver';
import { findCompanions } from '../carry/companions';
import { rehearseSwitch } from '../carry/rehearseSwitch';
import { RunState, SharedSequence } from '../control/runs';
import { Session } from '../connection/Session';
import { ident, literal, qualified, runAll } from '../connection/sql';
import { prepared } from '../connection/prepared';
import { RunContext } from '../RunContext';
import { Layout } from '../table/layout';
import { RowIdentity } from '../sync/rowIdentity';
import { readTable } from '../table/readTable';
import { ColumnDefinition, TableDefinition } from '../table/TableDefinition';
import {
  attachStatements,
  finishPartitions,
  indexParts,
  shadowPartitions,
} from './shadowPartitions';
import { copyGrants, revokeDefaults } from './grants';
import { finishStatements } from './finishStatements';
import { createShadowTables } from './shadowTables';

type SequenceName = NonNullable<ColumnDefinition['sequence']>;

/**
 * Creates the empty shadow in a schema of its own, where its indexes,
 * constraints and sequences can have their final names, with its partitions, and
 * says what is left to do once it is full. Then everything is tried out that is
 * still to be done with it.
 */
export async function createShadow(
  session: Session,
  context: RunContext,
  table: TableDefinition,
  layout: Layout,
  identity: RowIdentity | undefined,
): Promise<Pick<RunState, 'finish' | 'sequences' | 'carried' | 'made'>> {
  const { next, place } = context;
  const companions = await findCompanions(
    session,
    context.together.map(other => ({
      place: other.place,
      mapping: other.run.mapping,
    })),
  );
  const carrying = await planCarrying(
    session,
    context,
    table,
    layout,
    companions,
  );
  const partitions = await shadowPartitions(session, context, table);
  const [altered, ...alteredPartitions] = await createShadowTables(
    session,
    next,
    [{ context, table, layout }, ...partitions],
  );
  const madePartitions = partitions.map((partition, index) => ({
    ...partition,
    altered: alteredPartitions[index],
  }));
  const created = (await readTable(session, {
    schema: next,
    table: place.table,
  }))!;
  const sequences = await nameSequences(session, created, layout);
  await runAll(session, [
    ...attachStatements(context, table),
    ...carrying.make,
  ]);
  const made = {
    finish: [
      ...finishPartitions(madePartitions),
      ...finishStatements(context, table, altered, {
        attached: carrying.finish,
        parts: indexParts(table, madePartitions),
        identity,
      }),
    ],
    sequences,
    carried: carrying.carried,
    made: created.columns.map(({ name, type, notNull }) => ({
      name,
      type,
      notNull,
    })),
  };
  await rehearseSwitch(session, context, made, table, companions);
  return made;
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
    prepared(`SELECT c.oid::int8::text AS oid, obj_description(c.oid, 'pg_class') AS comment
     FROM pg_class c WHERE c.oid = to_regclass($1)`),
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
