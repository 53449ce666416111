import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { runAgentConformance } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { maskEmail } from './maskEmail';

const text = (name: string): Field => ({
  name,
  type: { kind: 'string' },
  required: false,
  unique: false,
});
const fields = [text('name'), text('email')];

const masks: Array<[email: string | null, masked: string | null]> = [
  ['amelia@example.org', 'a***@example.org'],
  ['a***@example.org', 'a***@example.org'],
  ['é.b@example.org', 'é***@example.org'],
  ['🪿.b@example.org', '🪿***@example.org'],
  ['a\nb@example.org', 'a***@example.org'],
  ['not an address', '***'],
  ['@example.org', '***'],
  ['a@b@example.org', '***'],
  ['', '***'],
  [null, null],
];

runAgentConformance({
  agent: maskEmail,
  cases: [
    {
      payload: { field: 'email' },
      fields,
      target: fields,
      rows: masks.map(([email], index) => ({ name: `${index}`, email })),
      expected: masks.map(([, email], index) => ({ name: `${index}`, email })),
    },
  ],
  rubbish: [
    { payload: {}, names: /field/ },
    { payload: { field: 'mail' }, names: /no text field 'mail'/ },
    { payload: { field: 'email', keep: 1 }, names: /keep/ },
  ],
});
