import { loadConfigSchema, mergeConfigSchemas } from '@backstage/config-loader';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { wholeConfigSchema } from './config-schema.mjs';
import { onlySecrets } from './only-secrets.mjs';

/** The most that any part of the config has to choose from. */
const CHOICES = 6;

/** A config that has all there may be; `choice` says which where there are several. */
function example(schema, choice, path = '') {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const { anyOf, oneOf, ...rest } = schema;
    const chosen = example(choices[choice % choices.length], choice, path);
    return rest.properties && typeof chosen === 'object'
      ? { ...example(rest, choice, path), ...chosen }
      : chosen;
  }
  const [type] = [schema.type].flat();
  if (schema.enum) return schema.enum[choice % schema.enum.length];
  if (type === 'number' || type === 'integer') return choice;
  if (type === 'boolean') return true;
  if (type === 'array') return [example(schema.items ?? {}, choice, path)];
  if (type !== 'object') return `${path} ${choice}`;
  const properties = Object.entries(schema.properties ?? {});
  if (typeof schema.additionalProperties === 'object') {
    properties.push(['another', schema.additionalProperties]);
  }
  return Object.fromEntries(
    properties.map(([name, property]) => [
      name,
      example(property, choice, `${path}/${name}`),
    ]),
  );
}

describe('what a config schema says of secrets', () => {
  let whole;
  let merged;
  let reduced;

  before(async () => {
    const serialized = await wholeConfigSchema('backend');
    whole = await loadConfigSchema({ serialized });
    merged = mergeConfigSchemas(serialized.schemas.map(({ value }) => value));
    reduced = await loadConfigSchema({
      serialized: {
        ...serialized,
        schemas: [{ path: 'reduced', value: onlySecrets(merged) }],
      },
    });
  });

  const secretsIn = (schema, data) =>
    schema.process([{ data, context: 'test' }], {
      visibility: ['secret'],
      ignoreSchemaErrors: true,
    })[0].data;

  it('is the same in what is left of it', () => {
    const found = new Set();
    for (let choice = 0; choice < CHOICES; choice++) {
      const config = example(merged, choice);
      const secrets = secretsIn(whole, config);
      assert.deepEqual(secretsIn(reduced, config), secrets);
      JSON.stringify(secrets, (_, value) => {
        if (typeof value === 'string') found.add(value);
        return value;
      });
    }
    assert.ok(found.size > 50, `${found.size} secrets were found`);
  });

  it('is the same for config that is wrong', () => {
    const config = example(merged, 0);
    for (const name of Object.keys(config)) {
      const wrong = { ...config, [name]: 'a text' };
      assert.deepEqual(secretsIn(reduced, wrong), secretsIn(whole, wrong));
    }
  });

  it('is a small part of it', () => {
    const size = schema => JSON.stringify(schema).length;
    assert.ok(size(onlySecrets(merged)) < size(merged) / 2);
    assert.deepEqual(onlySecrets(merged).properties.catalog, {});
  });

  it('keeps choices whole, and the names that are no others', () => {
    const secret = { type: 'string', visibility: 'secret' };
    const plain = { type: 'string' };
    const choice = { anyOf: [{ properties: { a: secret, b: plain } }, plain] };
    assert.deepEqual(
      onlySecrets({
        type: 'object',
        properties: { plain, choice, list: { items: plain } },
        additionalProperties: secret,
      }),
      {
        type: 'object',
        properties: { plain: {}, choice, list: {} },
        additionalProperties: secret,
      },
    );
  });
});
