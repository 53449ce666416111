import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

const require = createRequire(import.meta.url);
require('@backstage/cli/config/nodeTransform.cjs');
const { readCases, score } = require('./corpora.ts');

const contract = type =>
  JSON.stringify({
    dataContractSpecification: '1.1.0',
    models: { o: { fields: { a: { type } } } },
  });

const pair = more => ({
  id: 'x',
  format: 'datacontract-specification',
  old: contract('int'),
  new: contract('long'),
  expected: 'compatible',
  ...more,
});

describe('pairs of contracts', () => {
  let dir;

  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'skein-corpora-'));
  });

  after(() => rmSync(dir, { recursive: true }));

  const read = text => {
    writeFileSync(join(dir, 'cases.json'), text);
    return readCases(dir);
  };

  it('are counted, also those that cannot be read', () => {
    const cases = read(
      JSON.stringify([
        pair(),
        pair({ id: 'wrong', expected: 'breaking' }),
        pair({ id: 'unreadable', new: 'a: [' }),
      ]),
    );
    assert.deepEqual(score(cases), {
      cases: 3,
      right: 1,
      wrong: [
        { id: 'wrong', expected: 'breaking', got: 'compatible' },
        { id: 'unreadable', expected: 'compatible', got: 'unreadable' },
      ],
    });
  });

  for (const [what, text, message] of [
    ['no JSON', '[', /cannot be read/],
    ['no list', '{}', /must hold a list of cases/],
    ['a case that is none', '[null]', /case 0 \(without an id\): id must be/],
    ['no text', JSON.stringify([pair({ old: 7 })]), /old must be a text/],
    ['another format', JSON.stringify([pair({ format: 'avro' })]), /format/],
    ['another verdict', JSON.stringify([pair({ expected: 1 })]), /expected/],
  ]) {
    it(`G10: are refused where there is ${what}`, () => {
      assert.throws(() => read(text), message);
    });
  }
});
