import {
  Contract,
  Mapping,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatFieldType } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { soleProjection } from '../emit/projection';
import { quarantineOf } from '../quarantine/quarantineTable';
import { Place } from '../RunContext';
import { findIdentity } from '../sync/rowIdentity';
import { Layout } from '../table/layout';
import { isWidening, reasonsToCopy } from '../table/strategy';
import { TableDefinition } from '../table/TableDefinition';
import { diskBytes, megabytes } from './disk';

/** What is planned, as far as people should know before the start. */
export interface Planned {
  strategy: EnginePlan['strategy'];
  policy: Policy;
  mapping: Mapping;
  table: TableDefinition;
  layout: Layout;
  place: Place;
  sourceContract: Pick<Contract, 'version'>;
  targetContract: Pick<Contract, 'version'>;
}

/** Why it is done so, what becomes of writes, disk, what goes. */
export function notesOn(planned: Planned): string[] {
  return planned.strategy === 'metadata-only'
    ? notesOnChange(planned)
    : [
        ...notesOnCopy(planned),
        ...notesOnAside(planned),
        ...notesOnWrites(planned),
        ...notesOnDropped(planned),
      ];
}

function notesOnChange({ layout }: Planned): string[] {
  const widened = layout.columns.filter(
    ({ from, newType }) => from && newType && isWidening(from.type, newType),
  );
  return [
    'Only the catalog changes: no row is copied, the table is locked for a few milliseconds, and writes go on meanwhile.',
    ...(widened.length > 0
      ? [
          `A roll back narrows ${widened
            .map(({ name }) => name)
            .join(
              ', ',
            )} again, which reads the whole table under its lock, and is refused once a row holds what the old type cannot.`,
        ]
      : []),
  ];
}

function notesOnCopy(planned: Planned): string[] {
  const { strategy, policy, mapping, table, layout } = planned;
  return [
    `A copy is made, as ${reasonsToCopy(mapping, layout).join('; ')}.`,
    `It takes about ${megabytes(
      diskBytes(strategy, table),
    )} beside the live table until the old version is cleaned up. About as much is written to the write-ahead log meanwhile; archives and replication slots keep that until they have read it.`,
    policy === 'switch'
      ? 'The switch locks the table for a few milliseconds; it waits at most 20 ms for the lock at a time, longer only when it never gets it so.'
      : 'The new version is published beside the old one, which keeps the table name until it is retired.',
  ];
}

function notesOnAside(planned: Planned): string[] {
  const { mapping, place, sourceContract, targetContract } = planned;
  if (!mapping.setAside) {
    return [];
  }
  const reasons = mapping.setAside.map(
    ({ field, type }) => `${field} cannot be cast to ${formatFieldType(type)}`,
  );
  const { schema, table } = quarantineOf(place, targetContract.version);
  return [
    `Rows whose ${reasons.join(
      ' or whose ',
    )} go to ${schema}.${table}, as they are in version ${
      sourceContract.version
    }; they are not in version ${
      targetContract.version
    }. Only the owner of the table may read them there. They stay when the old version is cleaned up, and go with a roll back, which brings them back with the old version.`,
  ];
}

/** Said before the start: what is written meanwhile (G9), and afterwards (G8). */
function notesOnWrites(planned: Planned): string[] {
  const { policy, mapping, table, layout } = planned;
  const identity = findIdentity(mapping, table, layout);
  const lost = (mapping.irreversible ?? []).map(
    why => `What is written to the new version cannot be brought back: ${why}.`,
  );
  if (!identity) {
    return [
      `Readers go on meanwhile, but a write fails the migration: ${
        soleProjection(mapping)
          ? 'no key, of columns that are never NULL and that the new version keeps, tells rows apart'
          : 'behind an agent no key tells rows apart'
      }. It is noticed before anything is switched, and the table stays as it is.`,
      policy === 'switch'
        ? 'A roll back is refused once the new version is written.'
        : 'Beside the old version the new one can be read only; what is written to the old one then stops the retirement.',
      ...lost,
    ];
  }
  const key = identity.map(({ source }) => source.name).join(', ');
  const returns = mapping.inverse && soleProjection(mapping.inverse);
  return [
    `Readers and writers go on meanwhile; what is written is brought over, rows told apart by ${key}.`,
    policy === 'switch'
      ? wayBackOfSwitch(returns !== undefined)
      : waysBeside(returns !== undefined),
    ...lost,
  ];
}

function wayBackOfSwitch(returns: boolean): string {
  return returns
    ? 'A roll back keeps what is written to the new version.'
    : 'A roll back is refused once the new version is written.';
}

function waysBeside(returns: boolean): string {
  return returns
    ? 'Beside each other both versions can be written, and each shows what is written to the other.'
    : 'Beside the old version the new one can be read only; it shows what is written to the old one.';
}

function notesOnDropped({ layout, table }: Planned): string[] {
  return layout.dropped.flatMap(({ name, number }) => [
    `The column ${name} is dropped; the old version keeps it until it is cleaned up.`,
    ...table.indexes
      .filter(({ reads }) => reads.includes(number))
      .map(index => `The index ${index.name} goes with it.`),
    ...table.constraints
      .filter(({ kind, columns }) => kind === 'c' && columns.includes(number))
      .map(check => `The check ${check.name} goes with it.`),
  ]);
}
