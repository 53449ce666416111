import {
  Contract,
  Mapping,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { contract } from '../__testUtils__/MemoryEngine';
import { maskKeys } from './maskKeys';

const report: VerificationReport = {
  ok: false,
  sourceRows: 9,
  targetRows: 8,
  sourceChecksum: '1',
  targetChecksum: '2',
  columns: [{ name: 'pay', ok: false }],
  mismatches: [
    { column: 'pay', ranges: ['id 1..3', 'id 7..7'], message: 'pay differs' },
    { ranges: [], message: '1 more part differs' },
  ],
  contractChecks: [],
  seconds: 0,
};

function given(options: {
  key?: boolean;
  classified?: 'id' | 'pay';
  of?: 'source' | 'target';
}): { mapping: Mapping; from: Contract; to: Contract } {
  const [from, to] = ['1.0.0', '2.0.0'].map(version =>
    contract(version, ['id', 'pay']),
  );
  for (const { schema } of [from, to]) {
    schema.fields[0].primaryKeyPosition = options.key ? 1 : undefined;
  }
  const { schema } = options.of === 'target' ? to : from;
  const field = schema.fields.find(({ name }) => name === options.classified);
  if (field) {
    field.classification = 'restricted';
  }
  const mapping: Mapping = {
    source: from.schema.fields,
    target: to.schema.fields,
    segments: [
      {
        kind: 'projection',
        fields: to.schema.fields.map(each => ({
          field: each,
          expression: { op: 'field', name: each.name, type: each.type },
        })),
      },
    ],
  };
  return { mapping, from, to };
}

const rangesOf = ({ mapping, from, to }: ReturnType<typeof given>) =>
  maskKeys(report, mapping, { from, to }).mismatches.map(
    ({ ranges }) => ranges,
  );

describe('maskKeys', () => {
  it.each(['source', 'target'] as const)(
    'G11: hides keys that the contract of the %s classifies',
    of => {
      const masked = given({ key: true, classified: 'id', of });
      expect(rangesOf(masked)).toEqual([['•••'], []]);
    },
  );

  it('G11: takes any classified field for a key where none is declared', () => {
    expect(rangesOf(given({ classified: 'pay' }))).toEqual([['•••'], []]);
  });

  it('G5: leaves the keys of rows whose other fields are classified', () => {
    expect(rangesOf(given({ key: true, classified: 'pay' }))).toEqual([
      ['id 1..3', 'id 7..7'],
      [],
    ]);
    expect(rangesOf(given({}))[0]).toEqual(['id 1..3', 'id 7..7']);
  });
});
