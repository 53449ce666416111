import { verificationFailed } from '../../__testUtils__/migrations';
import { columnVerdicts } from './columnVerdicts';

describe('columnVerdicts', () => {
  it('puts columns first that break a rule, though their values agree', () => {
    const { columns } = columnVerdicts({
      ...verificationFailed,
      columns: ['a', 'b', 'c'].map(name => ({ name, ok: true })),
      mismatches: [],
      contractChecks: [
        { rule: 'unique', field: 'c', ok: false, violations: 2 },
        { rule: 'required', field: 'a', ok: true, violations: 0 },
      ],
    });
    expect(columns.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
    expect(columns[0].agrees).toBe(true);
  });

  it('loses nothing that is of no column', () => {
    const { columns, mismatches, checks } = columnVerdicts({
      ...verificationFailed,
      columns: [],
    });
    expect(columns).toEqual([]);
    expect(mismatches).toEqual(verificationFailed.mismatches);
    expect(checks).toEqual(verificationFailed.contractChecks);
  });
});
