import { changeBy } from '../changes/changeBy';
import { compatibilityRules, CompatibilityRuleId } from '../changes/rules';
import { bumpFor, checkBump, requiredBump } from './versionBump';
import { VersionTooLowError } from './VersionTooLowError';

const change = (rule: CompatibilityRuleId) => changeBy(rule, { summary: '' });

describe('bumpFor', () => {
  it.each(Object.entries(compatibilityRules))(
    '%s: what is breaking needs a major version, what is risky a minor one',
    (rule, { effect }) => {
      const bump = bumpFor(change(rule as CompatibilityRuleId));
      expect(bump === 'major').toBe(effect === 'breaking');
      expect(bump === 'patch' && effect === 'risky').toBe(false);
    },
  );

  it.each<[CompatibilityRuleId, string]>([
    ['field-removed', 'major'],
    ['length-raised', 'minor'],
    ['field-added', 'minor'],
    ['required-added', 'minor'],
    ['quality-loosened', 'minor'],
    ['quality-added', 'patch'],
    ['description-changed', 'patch'],
    ['fields-reordered', 'patch'],
  ])('of %s is %s', (rule, bump) => {
    expect(bumpFor(change(rule))).toBe(bump);
  });

  it('follows the grade, not the rule', () => {
    expect(bumpFor({ ...change('fields-reordered'), effect: 'breaking' })).toBe(
      'major',
    );
    expect(bumpFor({ ...change('field-removed'), effect: 'risky' })).toBe(
      'minor',
    );
  });
});

describe('requiredBump', () => {
  it('is the highest that any change needs', () => {
    expect(requiredBump([])).toBe('patch');
    expect(
      requiredBump([change('description-changed'), change('length-raised')]),
    ).toBe('minor');
    expect(requiredBump([change('field-removed'), change('field-added')])).toBe(
      'major',
    );
  });
});

describe('checkBump', () => {
  it.each<[CompatibilityRuleId, string]>([
    ['field-removed', 'breaking changes since 1.2.3; they need 2.0.0'],
    ['field-added', 'changes of the schema since 1.2.3; they need 1.3.0'],
    [
      'service-level-loosened',
      'changes that readers should look at since 1.2.3; they need 1.3.0',
    ],
  ])('says why %s needs more', (rule, message) => {
    expect(() => checkBump('1.2.3', '1.2.4', [change(rule)])).toThrow(message);
  });

  it.each<[string, string, CompatibilityRuleId, string, string]>([
    ['1.2.3', '1.3.0', 'field-removed', '2.0.0', 'major'],
    ['1.2.3', '1.2.4', 'field-added', '1.3.0', 'minor'],
    ['1.2.3', '1.2.4', 'length-raised', '1.3.0', 'minor'],
    ['0.2.3', '0.2.4', 'field-removed', '0.3.0', 'major'],
    ['1.2.0-rc.1', '1.2.1', 'field-removed', '1.2.0', 'major'],
  ])(
    'after %s refuses %s with %s, and takes the %s that it offers',
    (from, to, rule, lowestVersion, bump) => {
      const changes = [change(rule)];
      const error = refusal(from, to, changes);
      expect(error).toBeInstanceOf(VersionTooLowError);
      expect(error).toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(lowestVersion),
        lowestVersion,
        requiredBump: bump,
      });
      expect(refusal(from, lowestVersion, changes)).toBeUndefined();
    },
  );

  it('offers nothing where the version is not even higher', () => {
    const error = refusal('1.2.3', '1.2.3', [change('field-removed')]);
    expect(error).not.toBeInstanceOf(VersionTooLowError);
    expect(error?.message).toBe('Version 1.2.3 is not higher than 1.2.3');
  });
});

function refusal(...args: Parameters<typeof checkBump>): Error | undefined {
  try {
    checkBump(...args);
  } catch (error) {
    return error as Error;
  }
  return undefined;
}
