import { isDeepStrictEqual } from 'node:util';
import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { ImperativeAgent } from '@skein/backstage-plugin-dataset-migrations-node';
import { BatchFolders } from './BatchFolders';
import { stepFields } from './fields';
import { runBatch } from './runBatch';
import { CommandAgentSettings } from './settings';

/**
 * An agent that hands batches to a program of the operator's. One process for
 * each batch: it cannot carry anything from one to the next, so that a batch
 * done again gives the same rows, and its limits are those of a batch.
 */
export function createCommandAgent(
  settings: CommandAgentSettings,
): ImperativeAgent {
  const folders = new BatchFolders(settings.tempDirectory);
  const { id, description, payloadSchema, allow } = settings;
  return {
    kind: 'imperative',
    id,
    description,
    payloadSchema,

    allows: ({ entityRef, owner }) =>
      !allow ||
      allow.datasets.includes(entityRef.toLocaleLowerCase('en-US')) ||
      (owner !== undefined &&
        allow.owners.includes(owner.toLocaleLowerCase('en-US'))),

    output(payload, fields, target) {
      const { writes } = stepFields(settings, payload, fields);
      return withWritten(
        fields,
        writes.map(field => ({
          ...field,
          ...target(field.name),
          type: field.type,
        })),
      );
    },

    changes: (payload, fields) =>
      stepFields(settings, payload, fields)
        .writes.map(({ name }) => name)
        .filter(name => fields.some(field => field.name === name)),

    async run({ fields, rows }, { payload, signal, logger }) {
      const step = stepFields(settings, payload, fields);
      const made =
        rows.length === 0
          ? []
          : await folders.use(folder =>
              runBatch({
                settings,
                payload,
                fields: step,
                rows,
                folder,
                signal,
                logger,
              }),
            );
      const changed = rows.filter((row, index) =>
        step.writes.some(
          ({ name }) => !isDeepStrictEqual(row[name], made[index][name]),
        ),
      );
      return {
        batch: {
          fields: withWritten(fields, step.writes),
          rows: rows.map((row, index) => ({ ...row, ...made[index] })),
        },
        rowsAffected: changed.length,
      };
    },
  };
}

/** Fields in their order, those that are written as they come out, new ones last. */
function withWritten(fields: Field[], writes: Field[]): Field[] {
  const written = new Map(writes.map(field => [field.name, field]));
  const kept = fields.map(field => {
    const replaced = written.get(field.name);
    written.delete(field.name);
    return replaced ?? field;
  });
  return [...kept, ...written.values()];
}
