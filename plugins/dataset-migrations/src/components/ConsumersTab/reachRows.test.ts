import { flightReach } from '../../__testUtils__/reach';
import { reachCounts, reachRows } from './reachRows';

const [first, second] = flightReach.waves;
const names = (...options: Parameters<typeof reachRows>) =>
  reachRows(...options).map(({ item }) => item.entityRef.split('/')[1]);

describe('the rows of a wave', () => {
  it('are datasets before consumers, the worst first', () => {
    expect(names(first, { search: '' })).toEqual([
      'late-flights',
      'airport-traffic',
      'delay-dashboard',
      'crew-planner',
    ]);
  });

  it('are those of a verdict', () => {
    expect(names(first, { search: '', verdict: 'breaks' })).toEqual([
      'late-flights',
      'delay-dashboard',
    ]);
    expect(names(first, { search: '', verdict: 'unknown' })).toEqual([]);
    expect(reachCounts(flightReach)).toEqual({
      breaks: 3,
      unknown: 0,
      ready: 2,
    });
  });

  it('are found by name, owner, way and reason', () => {
    expect(names(first, { search: 'crew' })).toEqual([
      'airport-traffic',
      'crew-planner',
    ]);
    expect(names(first, { search: 'analytics renamed' })).toEqual([
      'late-flights',
    ]);
    expect(names(second, { search: 'LATE-flights' })).toEqual(['voucher-desk']);
    expect(names(second, { search: 'nothing' })).toEqual([]);
  });
});
