import { engineChecks } from './checks';
import { Fault } from './__testUtils__/faults';
import { createReferenceHarness } from './__testUtils__/referenceHarness';
import { runEngineConformance } from './runEngineConformance';

describe('an engine that does everything right', () => {
  runEngineConformance({
    createHarness: async () => createReferenceHarness(),
  });
});

/** Every fault, with the check that must notice it. */
const noticed: Record<Fault, RegExp> = {
  'lets anybody use a dataset': /^G11: finds a dataset for its owner/,
  'takes any name': /^G11: refuses strange names/,
  'gives every entity its own key': /^G1: gives one place one key/,
  'ignores what the source looks like': /^refuses by name a source/,
  'finds nothing in a preflight': /^G10, G11: preflight counts/,
  'previews other rows': /^previews the same rows/,
  'changes data while planning': /^plans without refusals/,
  'loses a chunk': /^migrates every row/,
  'doubles a chunk': /^migrates every row/,
  'starts over in every worker': /^G3: any worker goes on/,
  'copies everything at once': /^copies in several chunks/,
  'goes on after the end': /^copies in several chunks/,
  'switches to an incomplete copy': /^refuses to cut over to an incomplete/,
  'swallows rows that cannot be cast': /^G10, G11: a value that cannot be cast/,
  'tells values in its errors': /^G10, G11: a value that cannot be cast/,
  'verifies blindly': /^G5: notices that a value was altered/,
  'counts rows only': /^G5: notices that a value was altered/,
  'adds up columns only': /^G5: notices that two rows exchanged/,
  'takes NULL for empty': /^G5: notices that NULL became/,
  'names no ranges': /^G5: notices that a row is missing/,
  'ignores what the contract says': /^G5: reports every rule/,
  'ignores required fields': /^G5: lets no row through/,
  'mixes versions': /^G2: a reader .* cut over and roll back/,
  'leaves a gap': /^G2: a reader .* cut over and roll back/,
  'drops the old version when publishing':
    /^keeps both versions readable by name/,
  'forgets to retire': /^keeps both versions readable by name/,
  'records no version': /^migrates every row/,
  'rolls back to the new version': /^G8: rolls back exactly \(switch/,
  'rolls back an earlier migration': /^migrates on from version to version/,
  'overlooks writes': /^G9: loses no write made between verify/,
  'rolls back over writes': /^G8: a roll back loses no write/,
  'retires over writes': /^G6: a retirement loses no write/,
  'rolls back no old version that was written':
    /^G8: a roll back beside the old version/,
  'forgets the fence': /^G4: a worker that was replaced cannot copyChunk/,
  'checks the fence too early': /^G4: a token that rises during a call/,
  'ignores cancel': /^does nothing once it is cancelled/,
  'waits for hanging agents': /^is cancelled in the middle of a chunk/,
  'leaves the shadow': /^giving up leaves the live data alone/,
  'forgets to clean up': /^cleaning up removes the kept old version/,
  'cleans up the live data': /^cleaning up removes the kept old version/,
  'runs no agent': /^runs an imperative agent/,
  'trusts agents': /^G10: refuses an agent that returns other rows/,
  'writes rows and checkpoint apart': /^G3: a migration survives a kill/,
  'switches and records apart': /^G3: a migration survives a kill/,
  'keeps nothing of what it sets aside': /^sets exactly the rows aside/,
  'maps what it should set aside': /^sets exactly the rows aside/,
  'refuses for what it sets aside': /^says before the start which rows/,
  'verifies no quarantine': /^G5: notices that in quarantine a value/,
  'keeps a quarantine that came back': /^G8: a roll back brings back/,
  'cleans up the quarantine': /^sets exactly the rows aside/,
  'writes rows and quarantine apart': /^G3: a quarantine survives a kill/,
  'switches one object after the other':
    /^G3: a cutOver of two objects survives a kill/,
  'switches the first object only': /^G2, G8: switches two objects together/,
  'checks the fence of the first object only':
    /^G4: switches no object when another worker/,
};

describe('an engine that', () => {
  it.each(Object.entries(noticed) as Array<[Fault, RegExp]>)(
    '%s does not pass',
    async (fault, name) => {
      const checks = engineChecks.filter(check => name.test(check.name));
      expect(checks).not.toEqual([]);
      const outcomes = await Promise.all(
        checks.map(check =>
          check.run(createReferenceHarness(fault)).then(
            () => 'passed',
            () => 'failed',
          ),
        ),
      );
      expect(outcomes).toContain('failed');
    },
  );
});
