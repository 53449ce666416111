import fc from 'fast-check';
import { withoutSecrets } from './withoutSecrets';

/** What a client may log in with: anything, in what keeps it together. */
const anything = fc.string({ minLength: 1, unit: 'grapheme' });
const word = fc.stringMatching(/^[\w.~+/=-]{1,40}$/);

const names = fc.constantFrom(
  'password',
  'PGPASSWORD',
  'client_secret',
  'accessToken',
  'x-api-key',
  'secretAccessKey',
  'Authorization',
);

describe('withoutSecrets', () => {
  it('G10: leaves of JSON all but the secret, however deep it is quoted', () => {
    const quotedTimes = (value: unknown, times: number): string =>
      Array.from({ length: times }).reduce<string>(
        text => JSON.stringify(text),
        JSON.stringify(value),
      );
    fc.assert(
      fc.property(
        names,
        anything,
        fc.constantFrom(undefined, 1, 4),
        fc.nat({ max: 2 }),
        (name, secret, indent, times) => {
          const spelled = (value: string) =>
            quotedTimes(
              indent === undefined
                ? { host: 'db', [name]: value, port: 1 }
                : JSON.stringify({ host: 'db', [name]: value }, null, indent),
              times,
            );
          expect(withoutSecrets(spelled(secret))).toBe(spelled('***'));
        },
      ),
    );
  });

  it('G10: leaves of settings and headers all but the secret', () => {
    fc.assert(
      fc.property(
        names,
        fc.constantFrom('=', ': ', ' = ', ' => '),
        fc.constantFrom('', 'Bearer ', 'Basic ', 'token '),
        word,
        (name, is, scheme, secret) => {
          expect(
            withoutSecrets(`host=db ${name}${is}${scheme}${secret} port=1`),
          ).toBe(`host=db ${name}${is}*** port=1`);
        },
      ),
    );
  });

  it('G10: leaves of an address all but who logs in', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^app\d{0,9}(:[a-f\d:@%!$&'(,;?#]{0,20})?$/),
        credentials => {
          expect(
            withoutSecrets(`no way to postgres://${credentials}@db/dwh now`),
          ).toBe('no way to postgres://***@db/dwh now');
        },
      ),
    );
  });

  it.each([
    ['sent Bearer abc.def-9 to it', 'sent Bearer *** to it'],
    ["{ password: 'it\\'s', host: 'db' }", "{ password: '***', host: 'db' }"],
    ['cut off: {"password": "two wor', 'cut off: {"password": "***'],
    [
      'https://hooks.test/in?access_token=abc refused',
      'https://hooks.test/in?access_token=*** refused',
    ],
    [
      'postgres://app:secret@db and https://ghp_abc@git.test',
      'postgres://***@db and https://***@git.test',
    ],
  ])('G10: makes %j %j', (message, without) => {
    expect(withoutSecrets(message)).toBe(without);
  });

  it.each([
    "Field 'tokens' of resource:default/flights: integer, not string",
    'The fence of public.flights does not keep the token 7',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'user:default/amelia@2.0.0 may not read https://git.test/a@b',
    'the foreign key: flights_id_fkey',
  ])('leaves %j as it is', message => {
    expect(withoutSecrets(message)).toBe(message);
  });
});
