import { InputError } from '@backstage/errors';
import { ImperativeAgent } from '@skein/backstage-plugin-dataset-migrations-node';

/** `amelia@example.org` becomes `a***@example.org`; what is no address, `***`. */
export const maskEmail: ImperativeAgent<{ field: string }> = {
  kind: 'imperative',
  id: 'mask-email',
  description: 'Keeps the first letter and the domain of an e-mail address',
  payloadSchema: {
    type: 'object',
    properties: { field: { type: 'string', description: 'A text field' } },
    required: ['field'],
    additionalProperties: false,
  },
  output({ field }, fields) {
    if (
      !fields.some(({ name, type }) => name === field && type.kind === 'string')
    ) {
      throw new InputError(`mask-email: there is no text field '${field}'`);
    }
    return fields;
  },
  changes: ({ field }) => [field],
  async run({ fields, rows }, { payload: { field } }) {
    const masked = rows.map(row => ({ ...row, [field]: mask(row[field]) }));
    const changed = masked.filter(
      (row, index) => row[field] !== rows[index][field],
    );
    return { batch: { fields, rows: masked }, rowsAffected: changed.length };
  },
};

function mask(value: unknown) {
  return typeof value === 'string'
    ? // By code points (u), as half of a surrogate pair is no text.
      value.replace(/^(?:([^@])[^@]*(@[^@]+)|[^]*)$/u, '$1***$2')
    : null;
}
