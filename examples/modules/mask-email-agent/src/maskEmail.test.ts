import { mockServices } from '@backstage/backend-test-utils';
import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { maskEmail } from './maskEmail';

const text = (name: string): Field => ({
  name,
  type: { kind: 'string' },
  required: false,
  unique: false,
});
const fields = [text('name'), text('email')];

const run = (...emails: Array<string | null>) =>
  maskEmail.run(
    { fields, rows: emails.map(email => ({ name: 'n', email })) },
    {
      payload: { field: 'email' },
      migrationId: 'm',
      datasetRef: 'resource:default/people',
      checkpoint: '0',
      fence: 1,
      signal: new AbortController().signal,
      logger: mockServices.logger.mock(),
    },
  );

describe('mask-email', () => {
  it.each`
    email                   | masked
    ${'amelia@example.org'} | ${'a***@example.org'}
    ${'a***@example.org'}   | ${'a***@example.org'}
    ${'é.b@example.org'}    | ${'é***@example.org'}
    ${'not an address'}     | ${'***'}
    ${'a\nb@example.org'}   | ${'a***@example.org'}
    ${'@example.org'}       | ${'***'}
    ${'a@b@example.org'}    | ${'***'}
    ${''}                   | ${'***'}
    ${null}                 | ${null}
  `('turns $email into $masked', async ({ email, masked }) => {
    const { batch } = await run(email);
    expect(batch.rows).toEqual([{ name: 'n', email: masked }]);
  });

  it('keeps rows in their order and counts those it changed', async () => {
    const { batch, rowsAffected } = await run('x@a.org', null, 'y@b.org');
    expect(batch.rows.map(({ email }) => email)).toEqual([
      'x***@a.org',
      null,
      'y***@b.org',
    ]);
    expect(rowsAffected).toBe(2);
  });

  it('G10: refuses a field that is not there, naming it', () => {
    expect(() =>
      maskEmail.output({ field: 'mail' }, fields, () => undefined),
    ).toThrow("no text field 'mail'");
  });
});
