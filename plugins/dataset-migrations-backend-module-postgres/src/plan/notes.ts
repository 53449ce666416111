import {
  Mapping,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { Layout } from '../table/layout';
import { isWidening } from '../table/strategy';
import { TableDefinition } from '../table/TableDefinition';

/** What people should know before the start: locks, disk, what goes. */
export function notesOn(
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
              .join(
                ', ',
              )} again, which reads the whole table under its lock, and is refused once a row holds what the old type cannot.`,
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

/** Said before the start: a later roll back cannot keep what is written then (G8). */
export function notesOnWayBack({ irreversible = [] }: Mapping): string[] {
  return irreversible.map(
    why => `What is written to the new version cannot be brought back: ${why}.`,
  );
}
