import { gradeChanges, gravestEffect, readCompatibilityGrades } from './grades';
import { changeBy } from './changeBy';

const added = changeBy('enum-value-added', { summary: 'can now be "b"' });
const longer = changeBy('length-raised', { summary: 'longer' });

describe('readCompatibilityGrades', () => {
  it('reads grades, and none where nothing is said', () => {
    expect(readCompatibilityGrades({ 'enum-value-added': 'risky' })).toEqual({
      'enum-value-added': 'risky',
    });
    expect(readCompatibilityGrades(undefined)).toEqual({});
  });

  it.each<[unknown, string]>([
    [
      { 'enum-value-aded': 'risky' },
      'datasetMigrations.compatibility.rules.enum-value-aded: there is no such rule',
    ],
    [{ toString: 'risky' }, 'rules.toString: there is no such rule'],
    [
      { 'enum-value-added': 'harmless' },
      'datasetMigrations.compatibility.rules.enum-value-added must be one of breaking, risky, compatible (got "harmless")',
    ],
    [
      { 'enum-value-added': ['risky'] },
      'rules.enum-value-added must be one of breaking, risky, compatible (got ["risky"])',
    ],
    [['risky'], 'datasetMigrations.compatibility.rules must give rules'],
    ['risky', 'must give rules their grades'],
  ])('G10: refuses %j', (value, message) => {
    expect(() => readCompatibilityGrades(value)).toThrow(message);
  });
});

describe('gradeChanges', () => {
  it('grades changes by their rules and leaves the others', () => {
    expect(
      gradeChanges([added, longer], { 'enum-value-added': 'compatible' }).map(
        change => change.effect,
      ),
    ).toEqual(['compatible', 'risky']);
  });

  it('leaves changes of plans that are older than rules', () => {
    const { rule, ...old } = added;
    expect(gradeChanges([old], { 'enum-value-added': 'risky' })).toEqual([old]);
  });
});

describe('gravestEffect', () => {
  it('is that of the gravest change', () => {
    expect(gravestEffect([longer, added])).toBe('breaking');
    expect(gravestEffect([longer])).toBe('risky');
    expect(gravestEffect([])).toBe('compatible');
  });
});
