import assert from 'node:assert/strict';
import { NotAllowedError } from '@backstage/errors';
import { assertLive, assertRejects } from '../assertions';
import { flightsScenario } from '../scenario';
import { contractOf, setStage } from '../stage';
import { conformanceOwner, EngineCheck } from '../types';

const refused = ['InputError', 'NotAllowedError'];

/** Names that must never reach a statement or a path as they are. */
const strangeNames = [
  '',
  '.',
  '../../etc/passwd',
  '/etc/passwd',
  'a\u0000b',
  'x"; DROP TABLE flights; --',
  "x'; DROP TABLE flights; --",
  'a'.repeat(300),
  '*',
];

export const placeChecks: EngineCheck[] = [
  {
    name: 'G11: finds a dataset for its owner, and for nobody else',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const { location } = await stage.run();
      assert.equal(location.engine, harness.engine.id);
      const contract = contractOf(stage.dataset, stage.scenario.from);
      const error = await assertRejects(
        harness.engine.locate({
          entityRef: 'resource:default/intruder',
          owner: 'group:default/intruders',
          contract,
        }),
        [NotAllowedError.name],
        "another team's entity that names the place",
      );
      assert.match(
        error.message,
        /resource:default\/intruder/,
        'the refusal names the dataset',
      );
      await assertRejects(
        harness.engine.locate({
          entityRef: 'resource:default/intruder',
          contract,
        }),
        [NotAllowedError.name],
        'an entity without an owner that names the place',
      );
    },
  },
  {
    name: 'G1: gives one place one key, whatever entity names it',
    async run(harness) {
      const scenario = flightsScenario();
      const one = await setStage(harness, scenario, { name: 'flights' });
      const other = await setStage(harness, scenario, { name: 'others' });
      const keyOf = async (entityRef: string, dataset = one.dataset) =>
        (
          await harness.engine.locate({
            entityRef,
            owner: conformanceOwner,
            contract: contractOf(dataset, scenario.from),
          })
        )?.key;
      assert.equal(
        await keyOf('resource:default/flights'),
        await keyOf('resource:default/alias'),
      );
      assert.notEqual(
        await keyOf('resource:default/flights'),
        await keyOf('resource:default/flights', other.dataset),
      );
    },
  },
  {
    name: 'G11: refuses strange names of places',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      for (const physicalName of strangeNames) {
        await assertRejects(
          harness.engine.locate({
            entityRef: 'resource:default/flights',
            owner: conformanceOwner,
            contract: contractOf(
              { ...stage.dataset, physicalName },
              stage.scenario.from,
            ),
          }),
          refused,
          `the name ${JSON.stringify(physicalName)}`,
        );
      }
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.from.rows,
        'after strange names',
      );
    },
  },
  {
    name: 'leaves contracts of other engines alone',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      for (const servers of [
        [],
        [{ server: 'elsewhere', type: 'conformance-other', properties: {} }],
      ]) {
        const location = await harness.engine.locate({
          entityRef: 'resource:default/flights',
          owner: conformanceOwner,
          contract: contractOf(
            { ...stage.dataset, servers },
            stage.scenario.from,
          ),
        });
        assert.equal(location, undefined);
      }
    },
  },
];
