import {
  Change,
  Consumer,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ObjectNames } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { FieldFlow } from '../fieldUse/lineage/matchOutputs';

/** A dataset as the reach looks at it. */
export interface ReachDataset {
  entityRef: string;
  title: string;
  owner?: string;
  /** Refs of the entities that it says it is made from. */
  dependsOn: string[];
  /**
   * The fields of its current contract; absent without a usable one, and where no run
   * told anything that they would be compared with.
   */
  fields?: string[];
  /** The objects of its contract, where that has several. */
  objects?: ObjectNames[];
}

/** What the newest run of a job wrote into a dataset. */
export interface OutputLineage {
  consumerRef: string;
  job: string;
  datasetRef: string;
  /** The fields that it told the origin of. */
  told: string[];
  flows: FieldFlow[];
}

/** A change that comes to a dataset. */
export interface Touch {
  /** The field that changes, or the object; absent where it is a promise of the whole. */
  field?: string;
  /** What changes in the dataset that the reach starts from. */
  cause: Change;
  /** False where the field is computed, so that it may stay as it is. */
  certain: boolean;
  /** What the field is made of; absent in the dataset that the reach starts from. */
  from?: { datasetRef: string; field: string };
}

/** Why it is not known whether a dataset changes. */
export type Doubt =
  /** Nobody knows what changes in the first place. */
  | { kind: 'unplanned'; reason: string }
  /** No run told which fields go from one to the other. */
  | { kind: 'untold'; of: string; through?: string }
  /** A run told of some fields only. */
  | {
      kind: 'partly-told';
      of: string;
      through?: string;
      job: string;
      fields: string[];
    }
  /** It is made of fields of one of which this is not known. */
  | { kind: 'made-of-doubtful'; of: string }
  | { kind: 'no-contract' }
  /** A promise of the whole changes, on which another one may rest. */
  | { kind: 'promise'; of: string; cause: Change };

/** Why what changes in one dataset does not come to another. */
export type Calm =
  | { kind: 'unread'; of: string; through?: string }
  | { kind: 'told'; of: string; through?: string };

/** What comes to a dataset. */
export interface Spread {
  touches: Map<string, Touch>;
  doubts: Map<string, Doubt>;
  calms: Map<string, Calm>;
}

/** What is known of the datasets and consumers below a dataset. */
export interface ReachGraph {
  datasetRef: string;
  /** What changes in that dataset. */
  start: Spread;
  /** Of its two versions, where it has several objects; as for `judgeConsumers`. */
  startFields?: readonly string[];
  startObjects?: readonly ObjectNames[];
  /** All but the dataset itself, by entity ref. */
  datasets: Map<string, ReachDataset>;
  /** Those of datasets that were looked at, by the dataset. */
  consumers: Map<string, Consumer[]>;
  /** By the dataset that was written. */
  lineage: Map<string, OutputLineage[]>;
}

export function noSpread(): Spread {
  return { touches: new Map(), doubts: new Map(), calms: new Map() };
}
