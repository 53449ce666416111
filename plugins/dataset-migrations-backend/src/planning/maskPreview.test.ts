import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { contract } from '../__testUtils__/MemoryEngine';
import { maskedFields, maskRows } from './maskPreview';

const integer = { kind: 'integer', bits: 64 } as const;
const read = (name: string) => ({ op: 'field', name, type: integer } as const);

function project(fields: Record<string, string[]>): Mapping['segments'][0] {
  return {
    kind: 'projection',
    fields: Object.entries(fields).map(([name, reads]) => ({
      field: { name, type: integer, required: true, unique: false },
      expression: {
        op: 'call',
        function: 'coalesce',
        args: reads.map(read),
        type: integer,
      },
    })),
  };
}

const from = contract('1.0.0', ['id', 'salary']);
from.schema.fields[1].classification = 'Confidential';
const to = contract('2.0.0', ['id', 'pay']);

const mapping = (...segments: Mapping['segments']): Mapping => ({
  source: from.schema.fields,
  target: to.schema.fields,
  segments,
});

describe('maskedFields', () => {
  it('G11: masks classified fields and all that is made from them', () => {
    expect(
      maskedFields(
        mapping(
          project({ key: ['id'], doubled: ['salary', 'id'] }),
          project({ id: ['key'], pay: ['doubled'] }),
        ),
        { from, to },
      ),
    ).toEqual({ before: ['salary'], after: ['pay'] });
  });

  it('G11: trusts no agent that saw a classified field', () => {
    const agent = {
      kind: 'agent',
      agent: 'x',
      payload: {},
      output: [{ name: 'id', type: integer, required: true, unique: false }],
    } as const;
    expect(
      maskedFields(
        mapping(
          project({ id: ['id'], salary: ['salary'] }),
          { ...agent, output: [...agent.output] },
          project({ id: ['id'], pay: ['id'] }),
        ),
        { from, to },
      ).after,
    ).toEqual(['id', 'pay']);
  });

  it('masks nothing where nothing is classified', () => {
    expect(
      maskedFields(mapping(project({ id: ['id'], pay: ['id'] })), {
        from: contract('1.0.0', ['id', 'salary']),
        to,
      }),
    ).toEqual({ before: [], after: [] });
  });
});

describe('maskRows', () => {
  it('hides values and the lack of them', () => {
    expect(
      maskRows(
        [
          ['1', '100'],
          ['2', null],
        ],
        ['id', 'salary'],
        ['salary'],
      ),
    ).toEqual([
      ['1', '•••'],
      ['2', '•••'],
    ]);
  });
});
